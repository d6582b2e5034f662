package io.vitrine.api.uploads;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.images.ImageJson;
import io.vitrine.api.request.Links;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.blobs.UploadStates;
import io.vitrine.catalog.blobs.UploadStates.State;

/**
 * Lists the uploads of an image that are not complete, so that a client that has not got the answer
 * to its first request can go on with its upload, or end it.
 */
public final class OpenUploadsHandler {
  private final UploadsHandler uploads;
  private final UploadStates states;

  /** Creates the handler. Whoever may go on with the uploads may list them. */
  public OpenUploadsHandler(UploadsHandler uploads, UploadStates states) {
    this.uploads = uploads;
    this.states = states;
  }

  /** {@code GET /vitrine/v1/images/{id}/uploads}. */
  public void list(RoutingContext context) {
    var caller = Requests.caller(context);
    states
        .list(Requests.imageId(context), caller, uploads.permit(caller))
        .onSuccess(
            open -> {
              var listed = new JsonArray(open.stream().map(state -> json(context, state)).toList());
              Responses.json(context, 200, new JsonObject().put("uploads", listed));
            })
        .onFailure(context::fail);
  }

  private static JsonObject json(RoutingContext context, State state) {
    var upload = state.upload();
    var blob = upload.blob();
    return new JsonObject()
        .put("id", blob.id().toString())
        .put("kind", NewUpload.kind(blob.purpose()))
        .put("part", upload.isPart())
        .put("store", blob.store())
        .put("length", upload.length().orElse(null))
        .put("received", upload.received())
        .put("sending", state.isLeased())
        .put("expires_at", ImageJson.time(upload.expiresAt()))
        .put("url", Links.absolute(context, UploadsHandler.PATH + blob.id()))
        .put("data_url", upload.isPart() ? null : Rufh.location(context, upload));
  }
}
