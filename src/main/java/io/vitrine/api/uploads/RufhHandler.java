package io.vitrine.api.uploads;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.catalog.blobs.UploadRequest;
import io.vitrine.catalog.blobs.UploadStates;
import io.vitrine.catalog.blobs.UploadStates.State;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.UUID;

/** The resources of uploads by the draft: how far they are, more data, and giving them up. */
public final class RufhHandler {
  private static final long PAUSE_MILLIS = 250;

  /** How long a request that asks for the offset waits for another one that is at work. */
  private static final long MAX_PATIENCE_MILLIS = 5000;

  private final UploadsHandler uploads;
  private final UploadStates states;
  private final UploadSite site;
  private final RufhTurns turns;
  private final Rufh fields;

  /** Creates the handler, which shares what it can with that of the other protocol. */
  public RufhHandler(
      UploadsHandler uploads, UploadStates states, UploadSite site, ApiCapabilities capabilities) {
    this.uploads = uploads;
    this.states = states;
    this.site = site;
    this.fields = new Rufh(capabilities.sizeCapBytes(), states.expiry());
    this.turns = new RufhTurns(site, uploads, fields);
  }

  RufhTurns turns() {
    return turns;
  }

  /**
   * {@code HEAD} and {@code GET /vitrine/v1/uploads/{upload}/data}. What this tells must hold for
   * the next request, so one that is still at work gets a little time and then loses its turn.
   */
  public void show(RoutingContext context) {
    Future.succeededFuture()
        .map(ready -> UploadsHandler.id(context))
        .compose(id -> settled(context, id))
        .onSuccess(
            state -> {
              var response = context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
              fields.describe(response, state.upload());
              response.putHeader(Rufh.COMPLETE, Rufh.flag(state.isComplete()));
              state
                  .upload()
                  .length()
                  .ifPresent(length -> response.putHeader(Rufh.LENGTH, length.toString()));
              Responses.empty(context, 204);
            })
        .onFailure(context::fail);
  }

  private Future<State> settled(RoutingContext context, UUID id) {
    if (Requests.caller(context).isReadOnly()) {
      return find(context, id);
    }
    long patience = Math.min(states.takeover().toMillis(), MAX_PATIENCE_MILLIS);
    return rested(context, id, patience / PAUSE_MILLIS)
        .compose(state -> states.endTurn(id))
        .compose(ended -> find(context, id));
  }

  private Future<State> rested(RoutingContext context, UUID id, long attempts) {
    return find(context, id)
        .compose(
            state ->
                state.isLeased() && attempts > 0
                    ? context
                        .vertx()
                        .timer(PAUSE_MILLIS, MILLISECONDS)
                        .compose(over -> rested(context, id, attempts - 1))
                    : Future.succeededFuture(state));
  }

  private Future<State> find(RoutingContext context, UUID id) {
    var caller = Requests.caller(context);
    return states.find(id, caller, uploads.permit(caller));
  }

  /** {@code PATCH /vitrine/v1/uploads/{upload}/data}. */
  public void append(RoutingContext context) {
    Future.succeededFuture()
        .map(ready -> RufhPart.of(context))
        .compose(part -> append(context, UploadsHandler.id(context), part))
        .onSuccess(
            outcome -> {
              if (outcome.isComplete()) {
                turns.answerComplete(context);
              } else {
                fields.describe(context.response(), outcome.upload());
                Responses.empty(context, 204);
              }
            })
        .onFailure(failure -> turns.fail(context, failure));
  }

  private Future<RufhTurns.Outcome> append(RoutingContext context, UUID id, RufhPart part) {
    var caller = Requests.caller(context);
    NewUpload.requireSize(part.length(), fields.maxBytes());
    var announcements = Announcements.of(context);
    var request =
        new UploadRequest(
            caller, uploads.permit(caller), part.offset(), part.bytes(), part.length());
    var turn =
        new RufhTurns.Part(
            part.isLast(),
            RufhTurns.checksum(context),
            offset -> announcements.ifPresent(it -> it.goOn(offset)),
            () -> false);
    return site.journal()
        .lease(id, request)
        .compose(
            lease -> turns.take(context, lease, turn),
            failure -> explain(context, id, part, failure));
  }

  /** Finds out what the draft calls the reason for which an upload is not leased. */
  private Future<RufhTurns.Outcome> explain(
      RoutingContext context, UUID id, RufhPart part, Throwable failure) {
    boolean isOfState =
        failure instanceof ProblemException expected
            && (expected.problem() instanceof Problem.Conflict
                || expected.problem() instanceof Problem.TooLarge);
    return isOfState
        ? find(context, id).compose(state -> explain(part, state, failure))
        : Future.failedFuture(failure);
  }

  private Future<RufhTurns.Outcome> explain(RufhPart part, State state, Throwable failure) {
    if (part.isRepeated(state)) {
      return Future.succeededFuture(new RufhTurns.Outcome(state.upload(), true));
    }
    if (part.isBeyond(state)) {
      return UploadTurn.end(site, state.upload().blob())
          .transform(ended -> Future.failedFuture(RufhTurns.beyondLength()));
    }
    return Future.failedFuture(part.refusal(state).map(Throwable.class::cast).orElse(failure));
  }
}
