package io.vitrine.importer.transform;

import io.vitrine.config.Section;
import java.util.Optional;
import java.util.function.Function;

/**
 * A kind of plugin: a package with its {@link PluginConfig}, which has the kind as a constant.
 *
 * @param name the name in the list of plugins and in checkpoints, such as {@code image_conversion}
 * @param section the section of its keys
 * @param after the plugin that must come before it if both are used
 * @param reader reads this section
 */
public record PluginKind(
    String name,
    String section,
    Optional<PluginKind> after,
    Function<Section, PluginConfig> reader) {
  PluginConfig read(Section importing) {
    return reader.apply(importing.section(section));
  }

  @Override
  public String toString() {
    return name;
  }
}
