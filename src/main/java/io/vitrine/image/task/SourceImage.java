package io.vitrine.image.task;

import io.vitrine.image.Digests;
import io.vitrine.image.Image;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an import takes over from the image of another region.
 *
 * @param sizeBytes the length of its data
 * @param digests the digests of its data, as far as that region knows them
 * @param properties the extra properties to copy
 */
public record SourceImage(
    String diskFormat,
    String containerFormat,
    long sizeBytes,
    Optional<Digests> digests,
    Map<String, String> properties) {
  /** Copies the properties. */
  public SourceImage {
    properties = Map.copyOf(properties);
  }

  /** The image with this metadata applied. */
  public Image applyTo(Image image) {
    var merged = new TreeMap<String, @Nullable String>(image.properties());
    merged.putAll(properties);
    var requirements =
        new Image.Requirements(diskFormat, containerFormat, image.minDisk(), image.minRam());
    return image.with(new Image.Metadata(image.name(), requirements, image.tags(), merged));
  }
}
