package io.vitrine.api.status;

import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.RouteGroup;

/** The routes of the status. */
public record StatusRoutes(StatusHandler status) implements RouteGroup {
  @Override
  public void addTo(Endpoints endpoints) {
    endpoints.read("/status", status::show);
    endpoints.read("/status/stores", status::stores);
    endpoints.read("/status/projects", status::projects);
    endpoints.read("/status/samples", status::samples);
  }
}
