package io.vitrine.api.uploads;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.HEAD;
import static io.vertx.core.http.HttpMethod.OPTIONS;
import static io.vertx.core.http.HttpMethod.PATCH;
import static io.vertx.core.http.HttpMethod.POST;

import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.RouteGroup;

/** The routes of uploads that take several requests. */
public record UploadRoutes(UploadsHandler uploads, OpenUploadsHandler open) implements RouteGroup {
  private static final String NEW = "/images/:image/uploads";
  private static final String UPLOAD = "/uploads/:upload";

  @Override
  public void addTo(Endpoints endpoints) {
    endpoints.first(NEW, Tus::handleWrites);
    endpoints.open(OPTIONS, NEW, uploads::options);
    endpoints.data(POST, NEW, uploads::create);
    endpoints.read(NEW, open::list);
    endpoints.first(UPLOAD, Tus::handle);
    endpoints.open(OPTIONS, UPLOAD, uploads::options);
    endpoints.bare(HEAD, UPLOAD, uploads::show);
    endpoints.data(PATCH, UPLOAD, uploads::append);
    endpoints.bare(DELETE, UPLOAD, uploads::end);
    endpoints.data(POST, UPLOAD, uploads::override);
  }
}
