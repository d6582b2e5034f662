package io.vitrine.store.kind;

import io.vertx.core.json.JsonObject;
import io.vitrine.config.Section;
import java.nio.file.Path;

/**
 * A kind of store: a package with its {@link StoreConfig}, which has the kind as a constant.
 *
 * @param name the kind in the configuration, such as {@code s3}
 * @param isWritable whether its stores take new data
 * @param keys its keys of a backend, with their defaults
 * @param reader reads these keys
 */
public record StoreKind(String name, boolean isWritable, JsonObject keys, Reader reader) {
  /** Reads the keys of a kind from those of a backend. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads the keys.
     *
     * @param home the directory for the store's data unless another one is configured; it has the
     *     store's name
     */
    StoreConfig read(Section backend, Path home);
  }

  /** Copies the keys. */
  public StoreKind {
    keys = keys.copy();
  }

  @Override
  public String toString() {
    return name;
  }
}
