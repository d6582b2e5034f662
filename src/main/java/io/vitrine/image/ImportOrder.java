package io.vitrine.image;

import java.util.List;

/**
 * What a user wants imported: by which method, and to which stores.
 *
 * @param allMustSucceed whether the import fails as a whole when one of the stores does
 */
public record ImportOrder(ImportMethod method, Destination destination, boolean allMustSucceed) {
  /** Which stores an image's data is to go to. */
  @FunctionalInterface
  public interface Destination {
    /**
     * The ids of the stores; empty if there is nothing left to do.
     *
     * @throws ProblemException if a store is not known, or has the image already
     */
    List<String> storesFor(Image image);
  }
}
