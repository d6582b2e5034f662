package io.vitrine.image.location;

import java.util.List;
import java.util.OptionalInt;

/** One change of an image's list of locations; positions count from 0 in the order shown. */
public sealed interface LocationChange {
  /** Adds a location. Its position in the list follows from the weight of its store. */
  record Add(NewLocation location) implements LocationChange {}

  /**
   * Replaces the whole list: sets the first locations of an image, or the metadata of its present
   * ones.
   */
  record Replace(List<NewLocation> locations) implements LocationChange {
    /** Copies the list. */
    public Replace {
      locations = List.copyOf(locations);
    }
  }

  /** Removes a location, by default the last one, and its data unless another server keeps it. */
  record Remove(OptionalInt position) implements LocationChange {}
}
