package io.vitrine.image.location;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.tooLarge;

import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.Image;
import io.vitrine.image.ImageStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * An image's locations being edited by a user (api-ref, "Update an image", locations). Every change
 * is checked; none takes effect before all are valid.
 */
public final class LocationEdit {
  private final Image image;
  private final List<Location> known;
  private final Function<BlobRef, String> url;
  private final int quota;
  private final List<NewLocation> added = new ArrayList<>();
  private final List<BlobRef> removed = new ArrayList<>();
  private final Map<BlobRef, Map<String, Object>> notes = new LinkedHashMap<>();
  private final Map<String, String> validation = new LinkedHashMap<>();

  /**
   * Starts editing.
   *
   * @param known the present locations, in the order shown
   * @param url the URL that clients see for a blob
   * @param quota the most locations an image may have
   */
  public LocationEdit(Image image, List<Location> known, Function<BlobRef, String> url, int quota) {
    this.image = image;
    this.known = new ArrayList<>(known);
    this.url = url;
    this.quota = quota;
  }

  /** Applies a change. */
  public LocationEdit apply(LocationChange change) {
    switch (change) {
      case LocationChange.Add(var location) -> addOne(location);
      case LocationChange.Replace(var locations) -> replace(locations);
      case LocationChange.Remove(var position) -> remove(position);
    }
    return this;
  }

  /** The added locations. */
  public List<NewLocation> added() {
    return List.copyOf(added);
  }

  /** The blobs of removed locations. */
  public List<BlobRef> removed() {
    return List.copyOf(removed);
  }

  /** New metadata of locations that remain. */
  public Map<BlobRef, Map<String, Object>> notes() {
    return Map.copyOf(notes);
  }

  /** The digests that the user declares, if they are new. */
  public Optional<Digests> digests() {
    return Optional.ofNullable(validation.get("os_hash_value"))
        .map(value -> new Digests(validation.get("checksum"), HashAlgorithm.SHA512, value));
  }

  private void addOne(NewLocation location) {
    requireStatus("add", ImageStatus.ACTIVE, ImageStatus.QUEUED);
    add(location);
  }

  private void add(NewLocation location) {
    validate(location);
    if (isPresent(location)) {
      throw invalid("The image already has this location.");
    }
    if (location.size() == 0) {
      throw invalid("There is no data at the location, or its size is unknown.");
    }
    if (location.isSized() && image.size() != null && image.size() != location.size()) {
      throw invalid("The data at the location does not have the size of the image.");
    }
    if (!image.hasFormats()) {
      throw invalid(
          "Properties disk_format, container_format must be set prior to adding a location.");
    }
    added.add(location);
    if (known.size() + added.size() > quota) {
      throw tooLarge(
          ("The limit has been exceeded on the number of allowed image locations. Attempted:"
                  + " %d, Maximum: %d")
              .formatted(known.size() + added.size(), quota));
    }
  }

  /** The same place may be listed several times with different metadata. */
  private boolean isPresent(NewLocation location) {
    return added.stream().anyMatch(it -> isSame(it, location))
        || known.stream().anyMatch(it -> isAt(it, location) && isSame(it, location));
  }

  private static boolean isSame(NewLocation other, NewLocation location) {
    return other.url().equals(location.url())
        && other.store().equals(location.store())
        && other.metadata().equals(location.metadata());
  }

  private boolean isSame(Location present, NewLocation location) {
    return present.blob().store().equals(location.store())
        && notes.getOrDefault(present.blob(), present.metadata()).equals(location.metadata());
  }

  private boolean isAt(Location present, NewLocation location) {
    return url.apply(present.blob()).equals(location.url().toString());
  }

  private void replace(List<NewLocation> locations) {
    requireStatus("replace", ImageStatus.ACTIVE, ImageStatus.QUEUED);
    if (locations.isEmpty()) {
      throw forbidden("Cannot replace locations from a non-empty list to an empty list.");
    }
    if (known.isEmpty() && added.isEmpty()) {
      locations.forEach(this::add);
      return;
    }
    var wanted = locations.stream().map(it -> it.url().toString()).sorted().toList();
    var present = known.stream().map(it -> url.apply(it.blob())).sorted().toList();
    if (!wanted.equals(present) || !added.isEmpty()) {
      throw invalid("Original locations are not empty; they cannot be replaced.");
    }
    var rest = new ArrayList<>(known);
    for (var location : locations) {
      validate(location);
      var own = rest.stream().filter(it -> isAt(it, location)).findFirst().orElseThrow();
      rest.remove(own);
      notes.put(own.blob(), location.metadata());
    }
    requireDistinct(locations);
  }

  private static void requireDistinct(List<NewLocation> locations) {
    var places = new HashSet<Map.Entry<String, Map<String, Object>>>();
    if (!locations.stream()
        .allMatch(it -> places.add(Map.entry(it.url().toString(), it.metadata())))) {
      throw invalid("A location is given twice.");
    }
  }

  private void remove(OptionalInt given) {
    requireStatus("remove", ImageStatus.ACTIVE);
    int position = given.orElse(known.size() - 1);
    if (position < 0 || position >= known.size()) {
      throw invalid("Invalid position for removing a location.");
    }
    if (known.size() == 1) {
      throw forbidden("Cannot remove the last location of the image.");
    }
    removed.add(known.remove(position).blob());
  }

  private void validate(NewLocation location) {
    location.validation().forEach(this::claim);
    boolean isComplete =
        validation.isEmpty()
            || (HashAlgorithm.SHA512.text().equals(validation.get("os_hash_algo"))
                && matches("os_hash_value", 128)
                && (!validation.containsKey("checksum") || matches("checksum", 32)));
    if (!isComplete) {
      throw conflict("validation_data must hold hexadecimal values, os_hash_algo being sha512.");
    }
  }

  private boolean matches(String key, int digits) {
    return validation.getOrDefault(key, "").matches("[0-9a-f]{%d}".formatted(digits));
  }

  private void claim(String key, String given) {
    // Digests are compared as text elsewhere, where they are in lower case.
    var value = key.equals("os_hash_algo") ? given : given.toLowerCase(Locale.ROOT);
    var digests = image.digests();
    var current =
        digests == null
            ? null
            : switch (key) {
              case "checksum" -> digests.md5();
              case "os_hash_algo" -> digests.algorithm();
              default -> digests.value();
            };
    if (value.equals(current)) {
      return;
    }
    if (current != null || !Objects.equals(validation.getOrDefault(key, value), value)) {
      throw conflict("%s is already set with a different value".formatted(key));
    }
    if (image.status() != ImageStatus.QUEUED) {
      throw conflict(
          "New value(s) for %s may only be provided when image status is 'queued'".formatted(key));
    }
    validation.put(key, value);
  }

  private void requireStatus(String verb, ImageStatus... allowed) {
    if (!List.of(allowed).contains(image.status())) {
      throw conflict(
          "It's not allowed to %s locations if image status is %s."
              .formatted(verb, image.status().text()));
    }
  }
}
