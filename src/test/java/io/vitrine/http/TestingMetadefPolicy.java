package io.vitrine.http;

import io.vitrine.image.Caller;
import io.vitrine.policy.Policy;
import io.vitrine.policy.Rule;
import java.util.Map;

/**
 * What Glance's default rules say of metadata definitions: administrators may do everything, and
 * readers may get what their project owns or what is public.
 */
final class TestingMetadefPolicy implements Policy {
  @Override
  public boolean allows(Caller caller, Rule rule, Map<String, String> target) {
    boolean isReading =
        rule.text().startsWith("get_metadef") || rule == Rule.LIST_METADEF_RESOURCE_TYPES;
    boolean isReachable =
        "public".equals(target.get("visibility"))
            || (caller.project() != null && caller.project().equals(target.get("project_id")));
    return caller.isAdmin() || (isReading && isReachable && caller.roles().contains("reader"));
  }
}
