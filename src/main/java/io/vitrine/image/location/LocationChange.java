package io.vitrine.image.location;

import java.util.List;
import java.util.OptionalInt;

/** One change of where an image's data lies; positions count from 0 in the order shown. */
public sealed interface LocationChange {
  /** Adds a location; where it is shown is decided by the weight of its store. */
  record Add(NewLocation location) implements LocationChange {}

  /** Sets all locations: those of an image without any, or notes about those it has. */
  record Replace(List<NewLocation> locations) implements LocationChange {
    /** Copies the list. */
    public Replace {
      locations = List.copyOf(locations);
    }
  }

  /** Removes a location, the last if no position is given, and the data there, if that is ours. */
  record Remove(OptionalInt position) implements LocationChange {}
}
