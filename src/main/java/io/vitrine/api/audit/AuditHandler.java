package io.vitrine.api.audit;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.ApiTerms;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.audit.AuditQuery;
import io.vitrine.catalog.audit.AuditRecord;
import io.vitrine.catalog.audit.AuditRecords;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.List;
import java.util.Optional;

/** Shows the audit trail, the newest records first. */
public final class AuditHandler {
  private final ImageCatalog catalog;
  private final AuditRecords records;
  private final ApiTerms terms;

  /** Creates the handler. */
  public AuditHandler(ImageCatalog catalog, AuditRecords records, ApiTerms terms) {
    this.catalog = catalog;
    this.records = records;
    this.terms = terms;
  }

  /** {@code GET /vitrine/v1/images/{id}/audit}. */
  public void ofImage(RoutingContext context) {
    var caller = Requests.caller(context);
    var image = Requests.imageId(context);
    var query = AuditParameters.of(context.queryParams(), image, terms.capabilities());
    catalog
        .get(image, caller)
        .map(terms.access().permit(caller, Rule.GET_IMAGE_AUDIT)::require)
        .compose(
            seen -> records.find(query),
            failure ->
                isAbsent(failure) && seesAll(caller)
                    ? ofDeleted(image, query, failure)
                    : Future.failedFuture(failure))
        .onSuccess(found -> answer(context, query, found))
        .onFailure(context::fail);
  }

  private static boolean isAbsent(Throwable failure) {
    return failure instanceof ProblemException told && told.problem() instanceof Problem.NotFound;
  }

  /** An administrator sees every image, so what it does not see is gone. */
  private boolean seesAll(Caller caller) {
    return caller.isAdmin() && terms.access().allows(caller, Rule.GET_AUDIT);
  }

  /** The trail of an image that is gone; if there is none, the image is as unknown as before. */
  private Future<List<AuditRecord>> ofDeleted(ImageId image, AuditQuery query, Throwable absence) {
    return records
        .find(AuditQuery.of(image, Optional.empty(), 1))
        .compose(any -> any.isEmpty() ? Future.failedFuture(absence) : records.find(query));
  }

  /** {@code GET /vitrine/v1/audit}. */
  public void all(RoutingContext context) {
    terms.access().require(Requests.caller(context), Rule.GET_AUDIT);
    var query = AuditParameters.of(context.queryParams(), terms.capabilities());
    records.find(query).onSuccess(found -> answer(context, query, found)).onFailure(context::fail);
  }

  private void answer(RoutingContext context, AuditQuery query, List<AuditRecord> found) {
    Responses.json(
        context,
        200,
        new AuditJson(terms.access().properties(Requests.caller(context)))
            .page(
                Requests.path(context),
                context.queryParams(),
                found,
                found.size() == query.limit()));
  }
}
