package io.vitrine.catalog.status;

import io.vitrine.access.quota.ProjectLimits;
import io.vitrine.access.quota.Resource;
import java.util.Map;

/**
 * What a project uses, by the rules of quotas.
 *
 * @param project the owner of the images; empty for those that nobody owns
 * @param used bytes or images in use
 * @param limits what the project may use at most; none as well if that is not known now
 */
public record ProjectUsage(String project, Map<Resource, Long> used, ProjectLimits limits) {
  /** Copies the map. */
  public ProjectUsage {
    used = Map.copyOf(used);
  }
}
