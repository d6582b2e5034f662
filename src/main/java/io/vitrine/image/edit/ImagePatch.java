package io.vitrine.image.edit;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vitrine.image.Image;
import io.vitrine.image.ImageKeys;
import io.vitrine.image.Visibility;
import io.vitrine.image.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A list of changes that are applied in order, all or none (JSON patch as the Image API narrows
 * it).
 */
public record ImagePatch(List<Change> changes) {
  /** One change of one key. */
  public sealed interface Change {
    /** An attribute, or the name of an extra property. */
    String key();

    /** Gives the key a value. */
    sealed interface Setting extends Change {
      /** A tree of JSON values; null sets the key to JSON's null. */
      @Nullable Object value();
    }

    /** Sets a value, also where there is none. */
    record Add(String key, @Nullable Object value) implements Setting {}

    /** Sets a value where there is none. */
    record AddNew(String key, @Nullable Object value) implements Setting {}

    /** Sets a value where there is one. */
    record Replace(String key, @Nullable Object value) implements Setting {}

    /** Removes an extra property. */
    record Remove(String key) implements Change {}
  }

  /** Copies the list. */
  public ImagePatch {
    changes = List.copyOf(changes);
  }

  /**
   * The image as it is after all changes.
   *
   * @throws ProblemException for the first change that is not allowed
   */
  public Image applyTo(ImageEdit edit, Instant now) {
    for (var change : changes) {
      switch (change) {
        case Change.Add(String key, Object value) -> edit.set(key, value);
        case Change.AddNew(String key, Object value) -> addNew(edit, key, value);
        case Change.Replace(String key, Object value) -> replace(edit, key, value);
        case Change.Remove(String key) -> edit.remove(key);
      }
    }
    return edit.toImage(now);
  }

  /** The visibilities that the patch sets, in order. */
  public List<Visibility> visibilities() {
    return changes.stream()
        .flatMap(
            change ->
                switch (change) {
                  case Change.Setting setting -> visibility(setting.key(), setting.value());
                  case Change.Remove removal -> Stream.<Visibility>empty();
                })
        .toList();
  }

  private static Stream<Visibility> visibility(String key, @Nullable Object value) {
    return key.equals("visibility") && value instanceof String text
        ? Visibility.of(text).stream()
        : Stream.empty();
  }

  private static void addNew(ImageEdit edit, String key, @Nullable Object value) {
    boolean isPresent = ImageKeys.isBase(key) || edit.hasProperty(key);
    edit.set(key, value);
    if (isPresent) {
      throw conflict("Property %s already present.".formatted(key));
    }
  }

  private static void replace(ImageEdit edit, String key, @Nullable Object value) {
    if (ImageKeys.isBase(key) || edit.hasProperty(key)) {
      edit.set(key, value);
      return;
    }
    edit.set(key, value == null ? "" : value);
    throw conflict("Property %s does not exist.".formatted(key));
  }
}
