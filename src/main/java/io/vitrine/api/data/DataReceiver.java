package io.vitrine.api.data;

import io.vertx.ext.web.RoutingContext;

/** Receives image data by {@code PUT}. */
public interface DataReceiver {
  /** {@code PUT /v2/images/{id}/file}: the data of the image. */
  void upload(RoutingContext context);

  /** {@code PUT /v2/images/{id}/stage}: data that an import will take. */
  void stage(RoutingContext context);
}
