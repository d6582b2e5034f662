package io.vitrine.api.images;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.images.Quotas;

/** Shows the usage and quotas of the caller's project. */
public record UsageHandler(Quotas quotas) {
  /** {@code GET /v2/info/usage}. */
  public void usage(RoutingContext context) {
    quotas
        .usage(Requests.caller(context).project())
        .map(
            all -> {
              var usage = new JsonObject();
              all.forEach(
                  (resource, each) ->
                      usage.put(
                          resource.text(),
                          new JsonObject().put("usage", each.used()).put("limit", each.limit())));
              return new JsonObject().put("usage", usage);
            })
        .onSuccess(body -> Responses.json(context, 200, body))
        .onFailure(context::fail);
  }
}
