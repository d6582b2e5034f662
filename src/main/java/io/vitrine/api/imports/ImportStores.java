package io.vitrine.api.imports;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.request.Requests;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.image.Image;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.problem.ProblemException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The stores named by an import request: in {@code stores} or {@code X-Image-Meta-Store}, or all
 * writable stores; without either, the default store.
 */
record ImportStores(List<String> named, boolean isEvery, ApiCapabilities capabilities) {
  static ImportStores read(JsonObject body, Optional<String> header, ApiCapabilities capabilities) {
    boolean isEvery = Requests.flag(body, "all_stores", false);
    var listed = listed(body);
    long ways = (isEvery ? 1 : 0) + (listed.isPresent() ? 1 : 0) + header.stream().count();
    if (ways > 1) {
      throw invalid("Name the stores in one way only: stores, all_stores or X-Image-Meta-Store.");
    }
    if (isEvery) {
      return new ImportStores(capabilities.writableStores(), true, capabilities);
    }
    var named = listed.or(() -> header.map(List::of)).orElse(List.of(capabilities.defaultStore()));
    return new ImportStores(List.copyOf(new LinkedHashSet<>(named)), false, capabilities);
  }

  private static Optional<List<String>> listed(JsonObject body) {
    return switch (body.getValue("stores")) {
      case null -> Optional.empty();
      case JsonArray array when array.stream().allMatch(String.class::isInstance) ->
          Optional.of(array.stream().map(String.class::cast).toList())
              .filter(ids -> !ids.isEmpty());
      default -> throw invalid("stores must be a list of ids.");
    };
  }

  /**
   * The ids of the stores to write to; empty if the image is in all of them already.
   *
   * @throws ProblemException ProblemException if a store is unknown, or has the image already
   */
  List<String> storesFor(Image image) {
    named.forEach(this::requireWritable);
    if (image.status() != ImageStatus.ACTIVE) {
      return named;
    }
    var missing = named.stream().filter(store -> !image.stores().contains(store)).toList();
    if (!isEvery && missing.size() < named.size()) {
      var present = named.stream().filter(image.stores()::contains).findFirst().orElseThrow();
      throw invalid("Image is already present at store '%s'".formatted(present));
    }
    return missing;
  }

  private void requireWritable(String store) {
    if (!capabilities.stores().containsKey(store)) {
      throw conflict(
          "There is no store '%s'; use one of %s."
              .formatted(store, capabilities.stores().keySet()));
    }
    if (!capabilities.isWritable(store)) {
      throw conflict(
          "The store '%s' is read-only; use one of %s."
              .formatted(store, capabilities.writableStores()));
    }
  }
}
