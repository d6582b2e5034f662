package io.vitrine.http;

import io.vertx.core.json.JsonObject;
import io.vitrine.image.ImageKeys;
import io.vitrine.image.ImageLimits;
import io.vitrine.image.ImagePatch;
import io.vitrine.image.ImagePatch.Change;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import org.jspecify.annotations.Nullable;

/** What an image can be in this deployment: as clients are told, and as they are held to. */
public final class ImageSchema {
  private static final String REQUIRED = "required";

  private final JsonObject served;
  private final JsonSchema whole;
  private final JsonSchema part;

  /**
   * The schema with this deployment's formats and properties.
   *
   * @throws io.vitrine.config.ConfigException if a property that is described is what every image
   *     has
   */
  public ImageSchema(ImageLimits limits, DescribedProperties properties) {
    served = Schemas.image(limits);
    properties.addTo(served);
    whole = new JsonSchema(served);
    var optional = served.copy();
    optional.remove(REQUIRED);
    part = new JsonSchema(optional);
  }

  /** As {@code GET /v2/schemas/image} answers. */
  JsonObject served() {
    return served.copy();
  }

  /** A new image with values that users write, and that are valid. */
  JsonObject requireNew(JsonObject image) {
    image.fieldNames().stream()
        .filter(key -> !key.equals("id"))
        .forEach(ImageKeys::requireWrittenByUsers);
    return whole.require(image);
  }

  /** A patch of what users write, with values that are valid. */
  ImagePatch require(ImagePatch patch) {
    for (var change : patch.changes()) {
      ImageKeys.requireWrittenByUsers(change.key());
      switch (change) {
        case Change.Setting setting -> require(setting.key(), setting.value());
        case Change.Remove removal -> requireDispensable(removal.key());
      }
    }
    return patch;
  }

  /** A valid value. */
  void require(String key, @Nullable Object value) {
    part.require(new JsonObject().put(key, value));
  }

  private void requireDispensable(String key) {
    if (served.containsKey(REQUIRED) && served.getJsonArray(REQUIRED).contains(key)) {
      throw new ProblemException(
          new Problem.Forbidden("Property %s may not be removed.".formatted(key)));
    }
  }
}
