package io.vitrine.image;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An image while a user's values are written into it, key by key under the names of the API. Every
 * value is checked; the image that comes out is whole.
 */
public final class ImageEdit {
  private static final int MAX_TEXT = 255;
  private static final Set<String> READ_ONLY =
      Set.of(
          "id",
          "status",
          "size",
          "virtual_size",
          "checksum",
          "os_hash_algo",
          "os_hash_value",
          "created_at",
          "updated_at",
          "self",
          "file",
          "schema",
          "direct_url",
          "stores");
  private static final Set<String> RESERVED =
      Set.of("location", "locations", "deleted", "deleted_at");
  private static final Set<String> BASE =
      Set.of(
          "name",
          "visibility",
          "protected",
          "os_hidden",
          "owner",
          "disk_format",
          "container_format",
          "min_disk",
          "min_ram",
          "tags");

  private final Image original;
  private final ImageLimits limits;
  private final Caller caller;
  private final boolean isNew;
  private PropertyGuard guard = PropertyGuard.OPEN;

  private ImageId id;
  private @Nullable String name;
  private Visibility visibility;
  private boolean isProtected;
  private boolean isHidden;
  private @Nullable String owner;
  private @Nullable String diskFormat;
  private @Nullable String containerFormat;
  private long minDisk;
  private long minRam;
  private SortedSet<String> tags;
  private final Map<String, String> properties;

  private ImageEdit(Image original, ImageLimits limits, Caller caller, boolean isNew) {
    this.original = original;
    this.limits = limits;
    this.caller = caller;
    this.isNew = isNew;
    id = original.id();
    name = original.name();
    visibility = original.visibility();
    isProtected = original.isProtected();
    isHidden = original.isHidden();
    owner = original.owner();
    diskFormat = original.diskFormat();
    containerFormat = original.containerFormat();
    minDisk = original.minDisk();
    minRam = original.minRam();
    tags = new TreeSet<>(original.tags());
    properties = new TreeMap<>(original.properties());
  }

  /** Starts a new image of the caller's project. */
  public static ImageEdit create(Caller caller, ImageLimits limits, Instant now) {
    var blank =
        new Image(
            ImageId.random(),
            null,
            ImageStatus.QUEUED,
            Visibility.SHARED,
            false,
            false,
            caller.project(),
            null,
            null,
            0,
            0,
            null,
            null,
            null,
            new TreeSet<>(),
            Map.of(),
            List.of(),
            now,
            now);
    return new ImageEdit(blank, limits, caller, true);
  }

  /** Starts changing an existing image. */
  public static ImageEdit of(Image image, Caller caller, ImageLimits limits) {
    return new ImageEdit(image, limits, caller, false);
  }

  /** Lets only those changes of extra properties through that are allowed. */
  public ImageEdit guardedBy(PropertyGuard properties) {
    guard = properties;
    return this;
  }

  /** Whether the key is one that every image has, as opposed to an extra property. */
  public static boolean isBase(String key) {
    return BASE.contains(key);
  }

  /** Whether the key can be the name of an extra property that users write. */
  public static boolean isExtra(String key) {
    return !BASE.contains(key)
        && !READ_ONLY.contains(key)
        && !RESERVED.contains(key)
        && !key.startsWith(Image.RESERVED_PREFIX);
  }

  /** Whether the image has an extra property of that name now, as far as may be known. */
  public boolean hasProperty(String key) {
    return properties.containsKey(key) && guard.allows(PropertyGuard.Operation.READ, key);
  }

  /**
   * Sets a value.
   *
   * @throws ProblemException invalid or forbidden
   */
  public ImageEdit set(String key, @Nullable Object value) {
    requireWritable(key);
    switch (key) {
      case "id" -> id = toId(value);
      case "name" -> name = toText(key, value);
      case "visibility" -> visibility = toVisibility(value);
      case "protected" -> isProtected = toBoolean(key, value);
      case "os_hidden" -> isHidden = toBoolean(key, value);
      case "owner" -> owner = toOwner(value);
      case "disk_format" -> diskFormat = toFormat(key, value, diskFormat, limits.diskFormats());
      case "container_format" ->
          containerFormat = toFormat(key, value, containerFormat, limits.containerFormats());
      case "min_disk" -> minDisk = toCount(key, value);
      case "min_ram" -> minRam = toCount(key, value);
      case "tags" -> tags = toTags(value);
      default -> setProperty(key, value);
    }
    return this;
  }

  /**
   * Removes an extra property.
   *
   * @throws ProblemException forbidden for a base attribute, conflict for a property that is not
   *     there
   */
  public ImageEdit remove(String key) {
    requireWritable(key);
    if (isBase(key)) {
      throw new ProblemException(
          new Problem.Forbidden("Property %s may not be removed.".formatted(key)));
    }
    if (!hasProperty(key)) {
      throw new ProblemException(
          new Problem.Conflict("Property %s does not exist.".formatted(key)));
    }
    requireAllowed(PropertyGuard.Operation.DELETE, key);
    properties.remove(key);
    return this;
  }

  private void setProperty(String key, @Nullable Object value) {
    var name = toPropertyName(key);
    var text = toPropertyValue(key, value);
    requireAllowed(
        hasProperty(name) ? PropertyGuard.Operation.UPDATE : PropertyGuard.Operation.CREATE, name);
    properties.put(name, text);
  }

  private void requireAllowed(PropertyGuard.Operation operation, String key) {
    if (!guard.allows(operation, key)) {
      throw new ProblemException(
          new Problem.Forbidden("Property '%s' is protected".formatted(key)));
    }
  }

  /**
   * Puts a tag on the image, unless it has it.
   *
   * @throws ProblemException invalid
   */
  public ImageEdit addTag(String tag) {
    var more = new ArrayList<>(tags);
    more.add(tag);
    tags = toTags(more);
    return this;
  }

  /**
   * Takes a tag away.
   *
   * @throws ProblemException not found
   */
  public ImageEdit removeTag(String tag) {
    if (!tags.remove(tag)) {
      throw new ProblemException(new Problem.NotFound("The image has no tag '%s'.".formatted(tag)));
    }
    return this;
  }

  /** The image as edited. */
  public Image toImage(Instant now) {
    var image =
        new Image(
            id,
            name,
            original.status(),
            visibility,
            isProtected,
            isHidden,
            owner,
            diskFormat,
            containerFormat,
            minDisk,
            minRam,
            original.size(),
            original.virtualSize(),
            original.digests(),
            tags,
            properties,
            original.stores(),
            original.createdAt(),
            now);
    limits.check(image);
    return image;
  }

  private void requireWritable(String key) {
    if (isNew && key.equals("id")) {
      return;
    }
    if (READ_ONLY.contains(key)) {
      throw new ProblemException(
          new Problem.Forbidden("Attribute '%s' is read-only.".formatted(key)));
    }
    if (RESERVED.contains(key) || key.startsWith(Image.RESERVED_PREFIX)) {
      throw new ProblemException(
          new Problem.Forbidden("Attribute '%s' is reserved.".formatted(key)));
    }
  }

  private static ImageId toId(@Nullable Object value) {
    var id = value instanceof String text ? ImageId.parse(text) : Optional.<ImageId>empty();
    return id.orElseThrow(
        () -> invalid("id", "must be a UUID such as 71c675ab-d94f-49cd-a114-e12490b328d9"));
  }

  private static @Nullable String toText(String key, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text when text.length() > MAX_TEXT ->
          throw invalid(key, "must not be longer than 255 characters");
      case String text -> requirePlain(key, text);
      default -> throw invalid(key, "must be a string or null");
    };
  }

  private static Visibility toVisibility(@Nullable Object value) {
    var visibility =
        value instanceof String text ? Visibility.of(text) : Optional.<Visibility>empty();
    return visibility.orElseThrow(
        () -> invalid("visibility", "must be one of " + Visibility.NAMES));
  }

  private static boolean toBoolean(String key, @Nullable Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw invalid(key, "must be true or false");
  }

  private @Nullable String toOwner(@Nullable Object value) {
    var wanted = toText("owner", value);
    // Who may own a new image, the policy decides.
    if (!isNew && !caller.isAdmin() && !Objects.equals(wanted, owner)) {
      throw new ProblemException(
          new Problem.Forbidden(
              "You are not permitted to give an image to the project '%s'.".formatted(wanted)));
    }
    return wanted;
  }

  private @Nullable String toFormat(
      String key, @Nullable Object value, @Nullable String current, Collection<String> allowed) {
    if (value != null && !(value instanceof String text && allowed.contains(text))) {
      throw invalid(key, "must be null or one of " + allowed);
    }
    boolean open =
        original.status() == ImageStatus.QUEUED || original.status() == ImageStatus.IMPORTING;
    if (!open && !Objects.equals(value, current)) {
      throw new ProblemException(
          new Problem.Forbidden(
              "Attribute %s can be only replaced for a queued image.".formatted(key)));
    }
    return (String) value;
  }

  private static long toCount(String key, @Nullable Object value) {
    return switch (value) {
      case Integer count when count >= 0 -> count;
      case null, default ->
          throw invalid(key, "must be a whole number from 0 to " + Integer.MAX_VALUE);
    };
  }

  private static SortedSet<String> toTags(@Nullable Object value) {
    if (!(value instanceof Collection<?> items)) {
      throw invalid("tags", "must be a list of strings");
    }
    var tags = new TreeSet<String>();
    for (var item : items) {
      var tag = toText("tags", item);
      if (tag == null) {
        throw invalid("tags", "must not contain null");
      }
      tags.add(tag);
    }
    return tags;
  }

  private static String toPropertyName(String key) {
    if (key.isEmpty() || key.length() > MAX_TEXT) {
      throw invalid("property name", "must have 1 to 255 characters");
    }
    return requirePlain("property name", key);
  }

  private static String toPropertyValue(String key, @Nullable Object value) {
    if (value instanceof String text) {
      return requirePlain(key, text);
    }
    throw invalid(key, "must be a string");
  }

  /** Glance stores no characters beyond the basic plane, and PostgreSQL no NUL. */
  private static String requirePlain(String key, String text) {
    if (text.chars().anyMatch(c -> c == 0 || Character.isSurrogate((char) c))) {
      throw invalid(key, "must not contain NUL or characters that take four bytes in UTF-8");
    }
    return text;
  }

  private static ProblemException invalid(String key, String rule) {
    return new ProblemException(
        new Problem.Invalid("Invalid value for '%s': it %s.".formatted(key, rule)));
  }
}
