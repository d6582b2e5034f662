package io.vitrine.image.task;

import io.vitrine.image.Image;
import java.util.List;

/**
 * What is to be imported: by which method, and to which stores.
 *
 * @param stores their ids; empty if there is nothing left to do
 * @param allMustSucceed whether the import fails as a whole when one of the stores does
 */
public record ImportOrder(ImportMethod method, List<String> stores, boolean allMustSucceed)
    implements ImportWish {
  /** Copies the list. */
  public ImportOrder {
    stores = List.copyOf(stores);
  }

  @Override
  public String methodName() {
    return method.text();
  }

  @Override
  public Image permit(Image image) {
    return image;
  }

  @Override
  public ImportOrder order(Image image) {
    return this;
  }
}
