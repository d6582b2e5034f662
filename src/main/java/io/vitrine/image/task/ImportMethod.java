package io.vitrine.image.task;

import io.vitrine.image.ImageStatus;
import io.vitrine.image.location.HashClaim;
import io.vitrine.net.address.Url;
import java.util.Optional;
import java.util.UUID;

/** How the data of an import is come by. */
public sealed interface ImportMethod {
  /** The name in the API. */
  String text();

  /** The status that an image must have for an import by the method of this name. */
  static ImageStatus startsFrom(String name) {
    return switch (name) {
      case GlanceDirect.NAME -> ImageStatus.UPLOADING;
      case CopyImage.NAME -> ImageStatus.ACTIVE;
      default -> ImageStatus.QUEUED;
    };
  }

  /**
   * The data has been staged.
   *
   * @param digest what it must hash to
   */
  record GlanceDirect(Optional<HashClaim> digest) implements ImportMethod {
    /** The name in the API. */
    public static final String NAME = "glance-direct";

    @Override
    public String text() {
      return NAME;
    }
  }

  /** The image has its data already; it is to be in more stores. */
  record CopyImage() implements ImportMethod {
    /** The name in the API. */
    public static final String NAME = "copy-image";

    @Override
    public String text() {
      return NAME;
    }
  }

  /** The data stays at a URL; what it hashes to is compared with what the user says, if he does. */
  record AtLocation(Url url, Optional<HashClaim> claim) implements ImportMethod {
    /** The type of its tasks in the API. */
    public static final String NAME = "location_import";

    @Override
    public String text() {
      return NAME;
    }
  }

  /**
   * The data, and some of the metadata, is that of an image of another region.
   *
   * @param serviceInterface which of the region's endpoints is asked, such as public
   * @param access how to read there; empty if the service catalog knows no such endpoint
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

    /** The same, with how to read there. */
    public GlanceDownload with(Optional<RegionAccess> found) {
      return new GlanceDownload(region, image, serviceInterface, found);
    }
  }

  /**
   * The data is fetched from a URL.
   *
   * @param digest what it must hash to, as it comes
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
