package io.vitrine.format;

import java.util.List;

/** The settings for data that tests use. */
public final class TestingFormatConfig {
  /** Those of the built-in configuration. */
  public static final FormatConfig DEFAULT =
      new FormatConfig(true, List.of("monolithicSparse", "streamOptimized"), List.of(), false);

  private TestingFormatConfig() {}
}
