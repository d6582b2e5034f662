package io.vitrine.access.quota;

import java.util.Map;
import java.util.OptionalLong;

/**
 * The limits of one project.
 *
 * @param amounts in the units of the resources; absent or negative means unlimited
 * @param storageBytes a limit on the data of all images, in addition to the amounts
 */
public record ProjectLimits(Map<Resource, Long> amounts, OptionalLong storageBytes) {
  /** Copies the amounts. */
  public ProjectLimits {
    amounts = Map.copyOf(amounts);
  }

  /** Whether there is no limit to enforce or to show. */
  public boolean isNone() {
    return amounts.isEmpty() && storageBytes.isEmpty();
  }

  /** The limit in bytes or images; empty if unlimited. */
  public OptionalLong most(Resource resource) {
    long amount = amounts.getOrDefault(resource, -1L);
    long most = amount < 0 ? Long.MAX_VALUE : saturated(amount, resource.unit());
    if (resource == Resource.IMAGE_SIZE_TOTAL) {
      most = Math.min(most, storageBytes.orElse(Long.MAX_VALUE));
    }
    return most == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(most);
  }

  private static long saturated(long amount, long unit) {
    return amount > Long.MAX_VALUE / unit ? Long.MAX_VALUE : amount * unit;
  }
}
