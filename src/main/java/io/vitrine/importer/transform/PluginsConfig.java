package io.vitrine.importer.transform;

import io.vitrine.config.Key;
import io.vitrine.config.Section;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The plugins of imports.
 *
 * @param used those that are applied, in their order
 * @param all the configurations of all kinds
 */
public record PluginsConfig(
    @Key("plugins") List<PluginKind> used, @Key("") Map<PluginKind, PluginConfig> all) {
  /** Copies the collections. */
  public PluginsConfig {
    used = List.copyOf(used);
    all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
  }

  /** Reads its keys among those of a section. */
  public static PluginsConfig from(Section section, List<PluginKind> kinds) {
    var used = section.choices("plugins", kinds, PluginKind::name);
    section.require(
        Set.copyOf(used).size() == used.size()
            && used.stream().allMatch(kind -> isInOrder(kind, used)),
        "plugins",
        "each once, and " + order(kinds));
    var all = new LinkedHashMap<PluginKind, PluginConfig>();
    kinds.forEach(kind -> all.put(kind, kind.read(section)));
    return new PluginsConfig(used, all);
  }

  private static boolean isInOrder(PluginKind kind, List<PluginKind> used) {
    return kind.after().stream().allMatch(first -> used.indexOf(first) < used.indexOf(kind));
  }

  /** The order that they must have, such as "decompression before conversion". */
  private static String order(List<PluginKind> kinds) {
    return kinds.stream()
        .flatMap(
            kind ->
                kind.after().stream().map(first -> first.section() + " before " + kind.section()))
        .collect(Collectors.joining(", "));
  }

  /** The configuration of a plugin; empty if it is not used. */
  public <T extends PluginConfig> Optional<T> used(Class<T> type) {
    return used.stream().map(all::get).filter(type::isInstance).map(type::cast).findFirst();
  }

  /** Opens the plugins in their order. Blocks. */
  public List<ImportPlugin> open(PluginSite site) {
    return configurations().map(config -> config.open(site)).toList();
  }

  /** How the plugins are isolated on this machine. Blocks. */
  public List<Isolation> isolations() {
    return configurations().flatMap(config -> config.isolation().stream()).toList();
  }

  /** What an operator should know of the plugins on this machine. Blocks. */
  public List<String> remarks() {
    return configurations().flatMap(config -> config.remark().stream()).toList();
  }

  private Stream<PluginConfig> configurations() {
    return used.stream().map(kind -> Objects.requireNonNull(all.get(kind)));
  }
}
