package io.vitrine.image;

import java.net.URI;
import java.util.Optional;

/** How the data of an import is come by. */
public sealed interface ImportMethod {
  /** The name in the API. */
  String text();

  /** The data has been staged. */
  record GlanceDirect() implements ImportMethod {
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
  record AtLocation(URI url, Optional<HashClaim> claim) implements ImportMethod {
    /** The type of its tasks in the API. */
    public static final String NAME = "location_import";

    @Override
    public String text() {
      return NAME;
    }
  }

  /** The data is fetched from a URL. */
  record WebDownload(URI uri) implements ImportMethod {
    /** The name in the API. */
    public static final String NAME = "web-download";

    @Override
    public String text() {
      return NAME;
    }
  }
}
