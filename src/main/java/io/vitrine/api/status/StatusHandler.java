package io.vitrine.api.status;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.ApiTerms;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.status.CatalogStatus;
import io.vitrine.catalog.status.ProjectUsage;
import io.vitrine.catalog.status.ProjectUsages;
import io.vitrine.catalog.status.StoreContents;
import io.vitrine.image.location.BlobRef;
import io.vitrine.observe.metrics.SampleRing;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Shows operators how the service is. What comes from the catalog is that of all nodes. */
public final class StatusHandler {
  /**
   * Sums read the whole catalog: of a million images, half a second of work, and some for projects.
   */
  private static final Duration TTL = Duration.ofSeconds(30);

  private static final Duration TTL_OF_PROJECTS = Duration.ofMinutes(2);

  private static final int MOST_PROJECTS = 50;

  private final ApiTerms terms;
  private final NodeView node;
  private final CatalogStatus catalog;
  private final Remembered<Map<String, StoreContents>> contents;
  private final Remembered<List<ProjectUsage>> projects;

  /** Shows a node, and what the catalog knows. */
  public StatusHandler(ApiTerms terms, NodeView node, CatalogStatus catalog, ProjectUsages usages) {
    this.terms = terms;
    this.node = node;
    this.catalog = catalog;
    var clock = Clock.systemUTC();
    contents = new Remembered<>(catalog::contents, TTL, clock);
    projects = new Remembered<>(() -> usages.most(MOST_PROJECTS), TTL_OF_PROJECTS, clock);
  }

  /** {@code GET /vitrine/v1/status}. */
  public void show(RoutingContext context) {
    answer(
        context,
        () ->
            catalog
                .queue()
                .map(
                    queue ->
                        new JsonObject()
                            .put("node", StatusJson.program(node.program()))
                            .put("queue", StatusJson.queue(queue))
                            .put("cache", node.cache().map(StatusJson::cache).orElse(null))));
  }

  /** {@code GET /vitrine/v1/status/stores}. */
  public void stores(RoutingContext context) {
    answer(
        context,
        () ->
            contents
                .get(context.vertx())
                .map(
                    known ->
                        new JsonObject()
                            .put("node", node.program().node())
                            .put("as_of", StatusJson.time(known.at()))
                            .put("stores", stores(known.value()))));
  }

  private JsonArray stores(Map<String, StoreContents> known) {
    var stores = new JsonArray();
    terms
        .capabilities()
        .stores()
        .forEach((id, store) -> stores.add(store(id, store.kind(), known)));
    return stores.add(store(BlobRef.STAGING_STORE, "staging", known));
  }

  private JsonObject store(String id, String kind, Map<String, StoreContents> known) {
    var seen = node.stores();
    return new JsonObject()
        .put("id", id)
        .put("type", kind)
        .put("health", StatusJson.health(seen.states().apply(id)))
        .put("room", seen.rooms().apply(id).map(StatusJson::room).orElse(null))
        .mergeIn(StatusJson.contents(known.getOrDefault(id, StoreContents.NONE)));
  }

  /** {@code GET /vitrine/v1/status/projects}. */
  public void projects(RoutingContext context) {
    answer(
        context,
        () ->
            projects
                .get(context.vertx())
                .map(
                    known ->
                        new JsonObject()
                            .put("as_of", StatusJson.time(known.at()))
                            .put("projects", StatusJson.list(known.value(), StatusJson::project))));
  }

  /** {@code GET /vitrine/v1/status/samples}; {@code ?after=} gets only later ones. */
  public void samples(RoutingContext context) {
    answer(
        context,
        () ->
            Future.succeededFuture(
                new JsonObject()
                    .put("node", node.program().node())
                    .put("interval_seconds", SampleRing.INTERVAL.toSeconds())
                    .mergeIn(StatusJson.samples(node.samples().after(after(context))))));
  }

  private static long after(RoutingContext context) {
    var given = context.queryParams().get("after");
    try {
      return given == null ? 0 : Long.parseLong(given);
    } catch (NumberFormatException notOne) {
      throw invalid("The parameter after must be a number of seconds since 1970.");
    }
  }

  private void answer(RoutingContext context, Answer answer) {
    terms.access().require(Requests.caller(context), Rule.GET_STATUS);
    answer.get().onSuccess(body -> Responses.json(context, 200, body)).onFailure(context::fail);
  }

  /** Makes the body of an answer. */
  private interface Answer {
    Future<JsonObject> get();
  }
}
