package io.vitrine.image.task;

import io.vitrine.image.Image;
import java.util.List;

/**
 * The method and the target stores of an import.
 *
 * @param stores their ids; empty if there is nothing left to do
 * @param allMustSucceed whether one failed store fails the import
 */
public record ImportPlan(ImportMethod method, List<String> stores, boolean allMustSucceed)
    implements ImportRequest {
  /** Copies the list. */
  public ImportPlan {
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
  public ImportPlan plan(Image image) {
    return this;
  }
}
