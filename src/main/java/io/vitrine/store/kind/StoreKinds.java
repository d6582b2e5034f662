package io.vitrine.store.kind;

import io.vertx.core.json.JsonObject;
import io.vitrine.config.Schema;
import io.vitrine.config.Section;
import java.util.List;
import java.util.Map;

/**
 * The kinds of stores that can be configured, and the keys of backends.
 *
 * @param all at least one; the first one is the default
 */
public record StoreKinds(List<StoreKind> all) {
  /** Copies the list. */
  public StoreKinds {
    all = List.copyOf(all);
  }

  /** The keys of backends and of the staging area. */
  public Schema schema() {
    return new Schema(
        Map.of(List.of("stores", "staging"), staging()),
        Map.of(List.of("stores", "backends"), backend()));
  }

  /** The keys of a backend, with their defaults. */
  JsonObject backend() {
    return keys(all)
        .put("description", "")
        .put("weight", 0)
        .put("read_only", false)
        .put("dedup", false);
  }

  /** The keys of the staging area. Its files are soon read again, so the page cache is used. */
  JsonObject staging() {
    return keys(writable()).put("direct_io", false);
  }

  private JsonObject keys(List<StoreKind> kinds) {
    var keys = JsonObject.of("kind", all.getFirst().name());
    kinds.forEach(kind -> keys.mergeIn(kind.keys()));
    return keys;
  }

  /** The kind that a backend names. */
  StoreKind read(Section backend) {
    return choose(backend, all);
  }

  /** The kind that the staging area names. */
  StoreKind readWritable(Section staging) {
    return choose(staging, writable());
  }

  private static StoreKind choose(Section section, List<StoreKind> kinds) {
    return section.choice("kind", kinds, StoreKind::name);
  }

  private List<StoreKind> writable() {
    return all.stream().filter(StoreKind::isWritable).toList();
  }
}
