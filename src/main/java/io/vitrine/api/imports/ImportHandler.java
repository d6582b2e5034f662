package io.vitrine.api.imports;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.IdempotencyHeader;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.tasks.ImportRequests;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.RegionAccess;
import io.vitrine.transfer.bus.Addresses;
import java.util.Optional;

/** Accepts import requests, which workers carry out. */
public final class ImportHandler {
  private final ImportRequests imports;
  private final ImportPreparation preparation;
  private final ImportRules rules;
  private final EventBus bus;

  /** Creates the handler. */
  public ImportHandler(
      ImportRequests imports, ImportPreparation preparation, ImportRules rules, EventBus bus) {
    this.imports = imports;
    this.preparation = preparation;
    this.rules = rules;
    this.bus = bus;
  }

  /** {@code POST /v2/images/{id}/import}. */
  public void submit(RoutingContext context) {
    var form = read(context);
    var caller = Requests.caller(context);
    var id = Requests.imageId(context);
    var token = Requests.token(context);
    var submission =
        new ImportRequests.Submission(
            caller, Requests.taskOrigin(context), IdempotencyHeader.read(context));
    var signed = preparation.signing().prepare(id, caller, form::permit, token);
    signed
        .compose(image -> access(form, context))
        .map(found -> new PreparedImport(form, found, Optional.empty()))
        .recover(failure -> hindered(form, failure))
        .compose(request -> imports.submit(id, request, submission))
        .onSuccess(
            task -> {
              if (ImportMethod.bringsData(form.methodName())) {
                signed.onSuccess(image -> preparation.encryption().claim(image, caller, token));
              }
              bus.publish(Addresses.IMPORT_WAKE, "");
              context.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=UTF-8");
              Responses.empty(context, 202);
            })
        .onFailure(context::fail);
  }

  private ImportForm read(RoutingContext context) {
    var body = Requests.object(context);
    var method = ImportForm.methodName(body, rules.capabilities());
    var permit =
        preparation
            .encryption()
            .permit(method, rules.access().permit(Requests.caller(context), rule(method)));
    return ImportForm.read(body, Requests.header(context, "X-Image-Meta-Store"), permit, rules);
  }

  private static Rule rule(String method) {
    return method.equals(ImportMethod.CopyImage.NAME) ? Rule.COPY_IMAGE : Rule.MODIFY_IMAGE;
  }

  private Future<Optional<RegionAccess>> access(ImportForm form, RoutingContext context) {
    return form.region()
        .map(region -> preparation.regions().access(region, context))
        .orElse(Future.succeededFuture(Optional.empty()));
  }

  /** Defers a fault found before the image is locked, so that faults appear in Glance's order. */
  private static Future<PreparedImport> hindered(ImportForm form, Throwable failure) {
    return failure instanceof ProblemException problem
        ? Future.succeededFuture(new PreparedImport(form, Optional.empty(), Optional.of(problem)))
        : Future.failedFuture(failure);
  }
}
