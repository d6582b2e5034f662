package io.vitrine.access.quota;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What one project may have.
 *
 * @param amounts in the units of the resources; negative, or none: any amount
 * @param storageBytes what all images may take, whatever the amounts say
 */
public record ProjectLimits(Map<Resource, Long> amounts, OptionalLong storageBytes) {
  /** Copies the amounts. */
  public ProjectLimits {
    amounts = Map.copyOf(amounts);
  }

  /** Whether nothing is limited, nor to be shown as unlimited. */
  public boolean isNone() {
    return amounts.isEmpty() && storageBytes.isEmpty();
  }

  /** The most bytes or images; empty for any number. */
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
