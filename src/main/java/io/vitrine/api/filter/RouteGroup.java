package io.vitrine.api.filter;

/** The handlers of one part of the API, with their routes. */
@FunctionalInterface
public interface RouteGroup {
  /** Adds the routes, in the order of the API reference. */
  void addTo(Endpoints endpoints);
}
