package io.vitrine.importer.run;

import java.util.Locale;

/** A step of a task. */
public sealed interface Step {
  /** The name that users read, such as Downloading. */
  String title();

  /** The name in the API's progress, in metrics and in traces. */
  default String key() {
    return title().toLowerCase(Locale.ROOT);
  }

  /** The steps without parameters. */
  enum Simple implements Step {
    /** Another task runs on this worker. */
    WAITING_ALONE("Waiting to run alone, because its worker died"),
    /** The metadata of an image in another region is read. */
    ASKING_REGION("Asking the other region about the image"),
    /** Data comes from another server to staging. */
    DOWNLOADING("Downloading"),
    /** Data at a location is hashed. */
    HASHING("Hashing"),
    /** Staged data comes to this worker. */
    BRINGING_STAGED("Copying the staged data to this worker"),
    /** Staged data is compared with the user's digest. */
    VERIFYING("Verifying"),
    /** Staged data is decompressed. */
    DECOMPRESSING("Decompressing"),
    /** The format of a disk image is inspected. */
    INSPECTING("Inspecting"),
    /** Properties are added to the image. */
    SETTING_PROPERTIES("Setting properties"),
    /** New data goes to a store. */
    STORING("Storing"),
    /** Data of a store goes to another. */
    COPYING("Copying");

    private final String title;

    Simple(String title) {
      this.title = title;
    }

    @Override
    public String title() {
      return title;
    }
  }

  /** A disk image is converted from one disk format to another. */
  record Conversion(String from, String to) implements Step {
    @Override
    public String title() {
      return "Converting from %s to %s".formatted(from, to);
    }
  }
}
