package io.vitrine.api.events;

import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.RouteGroup;

/** The route of the events of all images. */
public record EventRoutes(EventsHandler events) implements RouteGroup {
  @Override
  public void addTo(Endpoints endpoints) {
    endpoints.read("/events", events::ofList);
  }
}
