package io.vitrine.format;

import java.util.List;

/**
 * The operator's settings for the data of images.
 *
 * @param requireFormatMatch whether content must have the declared format
 * @param vmdkAllowedTypes the accepted createTypes, in any case; empty forbids VMDK
 * @param gptChecksNonfatal names of checks that content with a partition table may fail
 * @param gptChecksAlways whether these checks hold for all content with a boot signature, not only
 *     for content declared as gpt
 */
public record FormatConfig(
    boolean requireFormatMatch,
    List<String> vmdkAllowedTypes,
    List<String> gptChecksNonfatal,
    boolean gptChecksAlways) {
  /** Copies the lists. */
  public FormatConfig {
    vmdkAllowedTypes = List.copyOf(vmdkAllowedTypes);
    gptChecksNonfatal = List.copyOf(gptChecksNonfatal);
  }
}
