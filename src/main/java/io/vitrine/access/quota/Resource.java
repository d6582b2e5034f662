package io.vitrine.access.quota;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The limited resources, under the names that Glance registers with Keystone. */
public enum Resource {
  /** The data of all images, counted once per store; limited in MiB. */
  IMAGE_SIZE_TOTAL(1 << 20),
  /** Staged data; limited in MiB. */
  IMAGE_STAGE_TOTAL(1 << 20),
  /** Images, with data or without. */
  IMAGE_COUNT_TOTAL(1),
  /** Images whose data is being written. */
  IMAGE_COUNT_UPLOADING(1);

  private final long unit;

  Resource(long unit) {
    this.unit = unit;
  }

  /** Bytes or images in one unit of the limit. */
  public long unit() {
    return unit;
  }

  /** The name in the API. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The resource with that name. */
  public static Optional<Resource> find(String text) {
    return Stream.of(values()).filter(resource -> resource.text().equals(text)).findFirst();
  }
}
