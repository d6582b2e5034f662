package io.vitrine.api.audit;

import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.RouteGroup;

/** The routes of the audit trail. */
public record AuditRoutes(AuditHandler audit) implements RouteGroup {
  @Override
  public void addTo(Endpoints endpoints) {
    endpoints.read("/images/:image/audit", audit::ofImage);
    endpoints.read("/audit", audit::all);
  }
}
