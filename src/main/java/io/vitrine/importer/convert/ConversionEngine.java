package io.vitrine.importer.convert;

import io.vitrine.importer.engine.Converter;
import java.util.Optional;

/**
 * What converts images.
 *
 * @param converter converts whole files
 * @param early converts files while they are downloaded; empty if nothing does
 */
public record ConversionEngine(Converter converter, Optional<EarlyConversions> early) {
  /** Converts whole files only. */
  public static ConversionEngine of(Converter converter) {
    return new ConversionEngine(converter, Optional.empty());
  }
}
