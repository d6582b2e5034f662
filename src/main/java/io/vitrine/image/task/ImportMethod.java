package io.vitrine.image.task;

import io.vitrine.image.ImageStatus;
import io.vitrine.image.location.HashClaim;
import io.vitrine.net.address.Url;
import java.util.Optional;
import java.util.UUID;

/** The way in which an import gets its data. */
public sealed interface ImportMethod {
  /** The name in the API. */
  String text();

  /** The status that an image must have for an import by the named method. */
  static ImageStatus startsFrom(String name) {
    return switch (name) {
      case GlanceDirect.NAME -> ImageStatus.UPLOADING;
      case CopyImage.NAME -> ImageStatus.ACTIVE;
      default -> ImageStatus.QUEUED;
    };
  }

  /**
   * Whether an import by the named method brings an image its first data, rather than more copies.
   */
  static boolean bringsData(String name) {
    return !name.equals(CopyImage.NAME);
  }

  /**
   * The data is already staged.
   *
   * @param digest the digest it must have
   */
  record GlanceDirect(Optional<HashClaim> digest) implements ImportMethod {
    /** The name in the API. */
    public static final String NAME = "glance-direct";

    @Override
    public String text() {
      return NAME;
    }
  }

  /** The image is active; its data is copied to more stores. */
  record CopyImage() implements ImportMethod {
    /** The name in the API. */
    public static final String NAME = "copy-image";

    @Override
    public String text() {
      return NAME;
    }
  }

  /**
   * The data, and some of the metadata, come from an image of another region.
   *
   * @param serviceInterface the interface of the region's endpoint, such as public
   * @param access empty if the service catalog has no such endpoint
   */
  record GlanceDownload(
      String region, UUID image, String serviceInterface, Optional<RegionAccess> access)
      implements ImportMethod {
    /** The name in the API. */
    public static final String NAME = "glance-download";

    @Override
    public String text() {
      return NAME;
    }

    /** The same with access to the region. */
    public GlanceDownload with(Optional<RegionAccess> found) {
      return new GlanceDownload(region, image, serviceInterface, found);
    }
  }

  /**
   * The data is fetched from a URL.
   *
   * @param digest the digest of the fetched bytes
   */
  record WebDownload(Url uri, Optional<HashClaim> digest) implements ImportMethod {
    /** The name in the API. */
    public static final String NAME = "web-download";

    @Override
    public String text() {
      return NAME;
    }
  }
}
