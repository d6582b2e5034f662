package io.vitrine.upkeep.relay;

import io.vitrine.config.Section;
import java.util.function.Function;

/**
 * A kind of sink: a package with its {@link SinkConfig}, which has the kind as a constant.
 *
 * @param name the section of its keys
 * @param reader reads this section
 */
public record SinkKind(String name, Function<Section, SinkConfig> reader) {
  SinkConfig read(Section notifications) {
    return reader.apply(notifications.section(name));
  }
}
