package io.vitrine.access.identity;

import io.vitrine.config.Section;

/**
 * A kind of identity: a package with its {@link AuthenticationConfig}, which has the kind as a
 * constant.
 *
 * @param name the kind in the configuration, such as {@code keystone}
 * @param reader reads its keys
 */
public record IdentityKind(String name, Reader reader) {
  /** Reads the keys of a kind from those of the section. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads the keys.
     *
     * @param isUsed whether the kind is the configured one, so that what it needs must be there
     */
    AuthenticationConfig read(Section identity, boolean isUsed);
  }

  @Override
  public String toString() {
    return name;
  }
}
