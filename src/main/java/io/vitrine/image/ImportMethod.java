package io.vitrine.image;

import java.net.URI;

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
