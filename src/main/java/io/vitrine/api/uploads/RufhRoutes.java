package io.vitrine.api.uploads;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.HEAD;
import static io.vertx.core.http.HttpMethod.PATCH;

import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.RouteGroup;

/**
 * The routes of uploads by the draft.
 *
 * @param all ends uploads of either protocol
 */
public record RufhRoutes(RufhHandler uploads, UploadsHandler all) implements RouteGroup {
  private static final String DATA = "/uploads/:upload/data";

  @Override
  public void addTo(Endpoints endpoints) {
    endpoints.bare(HEAD, DATA, uploads::show);
    endpoints.read(DATA, uploads::show);
    endpoints.data(PATCH, DATA, uploads::append);
    endpoints.bare(DELETE, DATA, all::end);
  }
}
