package io.vitrine.importer.acquire;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.json.JsonObject;
import io.vitrine.image.Digests;
import io.vitrine.image.Image;
import io.vitrine.image.ImageKeys;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.image.task.SourceImage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides which images of other regions can be imported, and what is copied from them.
 *
 * @param copiedPrefixes prefixes of the names of extra properties to copy
 * @param limits the limits of this deployment
 */
public record SourceRules(List<String> copiedPrefixes, ImageLimits limits) {
  /** Copies the list. */
  public SourceRules {
    copiedPrefixes = List.copyOf(copiedPrefixes);
  }

  /** Parses the image as the other region's API shows it. */
  SourceImage read(JsonObject image) {
    require(
        "active".equals(image.getValue("status")), "The image in the other region is not active.");
    require(
        image.getValue("size") instanceof Number size && size.longValue() >= 0,
        "The size of the image in the other region is unknown.");
    return new SourceImage(
        format(image, "disk_format", limits.diskFormats()),
        format(image, "container_format", limits.containerFormats()),
        image.getLong("size"),
        digests(image),
        properties(image));
  }

  /** The image with the copied metadata; fails if that exceeds the limits. */
  Image apply(SourceImage source, Image image) {
    var merged = source.applyTo(image);
    limits.check(merged);
    return merged;
  }

  private static String format(JsonObject image, String key, List<String> allowed) {
    if (image.getValue(key) instanceof String format && allowed.contains(format)) {
      return format;
    }
    throw invalid(
        "The %s of the image in the other region is not one of %s.".formatted(key, allowed));
  }

  private static Optional<Digests> digests(JsonObject image) {
    return image.getValue("os_hash_algo") instanceof String algorithm
            && image.getValue("os_hash_value") instanceof String value
        ? Optional.of(
            new Digests(
                image.getValue("checksum") instanceof String md5 ? md5 : null,
                algorithm.toLowerCase(Locale.ROOT),
                value.toLowerCase(Locale.ROOT)))
        : Optional.empty();
  }

  private TreeMap<String, String> properties(JsonObject image) {
    var copied = new TreeMap<String, String>();
    image.forEach(
        entry -> {
          if (isCopied(entry.getKey()) && entry.getValue() instanceof String text) {
            copied.put(entry.getKey(), text);
          }
        });
    return copied;
  }

  private boolean isCopied(String key) {
    return ImageKeys.isExtra(key) && copiedPrefixes.stream().anyMatch(key::startsWith);
  }

  private static void require(boolean holds, String detail) {
    if (!holds) {
      throw invalid(detail);
    }
  }
}
