package io.vitrine.image.edit;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageKeys;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Visibility;
import io.vitrine.image.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An image being edited by a user, key by key under the API's names. The values have been checked
 * against the deployment's schema before.
 */
public final class ImageEdit {
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
  private final Map<String, @Nullable String> properties;

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

  /** Starts a new image, owned by the caller's project. */
  public static ImageEdit create(Caller caller, ImageLimits limits, Instant now) {
    var blank =
        new Image(
            ImageId.random(),
            new Image.State(
                ImageStatus.QUEUED,
                new Image.Ownership(caller.project(), Visibility.SHARED, false, false),
                now,
                now),
            new Image.Metadata(null, Image.Requirements.NONE, new TreeSet<>(), Map.of()),
            Image.Content.NONE);
    return new ImageEdit(blank, limits, caller, true);
  }

  /** Starts editing an existing image. */
  public static ImageEdit of(Image image, Caller caller, ImageLimits limits) {
    return new ImageEdit(image, limits, caller, false);
  }

  /** Applies property protections to all further edits of extra properties. */
  public ImageEdit guardedBy(PropertyGuard properties) {
    guard = properties;
    return this;
  }

  /** Whether the image has an extra property of that name which the caller may read. */
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
      case "id" -> id = ImageValues.id(value);
      case "name" -> name = ImageValues.text(key, value);
      case "visibility" -> visibility = ImageValues.visibility(value);
      case "protected" -> isProtected = ImageValues.flag(key, value);
      case "os_hidden" -> isHidden = ImageValues.flag(key, value);
      case "owner" -> owner = toOwner(value);
      case "disk_format" -> diskFormat = toFormat(key, value, diskFormat);
      case "container_format" -> containerFormat = toFormat(key, value, containerFormat);
      case "min_disk" -> minDisk = ImageValues.count(key, value);
      case "min_ram" -> minRam = ImageValues.count(key, value);
      case "tags" -> tags = ImageValues.tags(value);
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
    if (ImageKeys.isBase(key)) {
      throw forbidden("Property %s may not be removed.".formatted(key));
    }
    if (!hasProperty(key)) {
      throw conflict("Property %s does not exist.".formatted(key));
    }
    requireAllowed(PropertyGuard.Operation.DELETE, key);
    properties.remove(key);
    return this;
  }

  private void setProperty(String key, @Nullable Object value) {
    var name = ImageValues.propertyName(key);
    var text = ImageValues.property(key, value);
    requireAllowed(
        hasProperty(name) ? PropertyGuard.Operation.UPDATE : PropertyGuard.Operation.CREATE, name);
    properties.put(name, text);
  }

  private void requireAllowed(PropertyGuard.Operation operation, String key) {
    if (!guard.allows(operation, key)) {
      throw forbidden("Property '%s' is protected".formatted(key));
    }
  }

  /**
   * Adds a tag unless the image has it already.
   *
   * @throws ProblemException invalid
   */
  public ImageEdit addTag(String tag) {
    var more = new ArrayList<>(tags);
    more.add(tag);
    tags = ImageValues.tags(more);
    return this;
  }

  /**
   * Removes a tag.
   *
   * @throws ProblemException not found
   */
  public ImageEdit removeTag(String tag) {
    if (!tags.remove(tag)) {
      throw notFound("The image has no tag '%s'.".formatted(tag));
    }
    return this;
  }

  /** The edited image. */
  public Image toImage(Instant now) {
    var image =
        new Image(
            id,
            new Image.State(
                original.status(),
                new Image.Ownership(owner, visibility, isProtected, isHidden),
                original.createdAt(),
                now),
            new Image.Metadata(
                name,
                new Image.Requirements(diskFormat, containerFormat, minDisk, minRam),
                tags,
                properties),
            original.content());
    limits.check(image);
    return image;
  }

  private void requireWritable(String key) {
    if (!isNew || !key.equals("id")) {
      ImageKeys.requireWrittenByUsers(key);
    }
  }

  private @Nullable String toOwner(@Nullable Object value) {
    var wanted = ImageValues.text("owner", value);
    // The policy decides who may own a new image.
    if (!isNew && !caller.isAdmin() && !Objects.equals(wanted, owner)) {
      throw forbidden(
          "You are not permitted to give an image to the project '%s'.".formatted(wanted));
    }
    return wanted;
  }

  private @Nullable String toFormat(String key, @Nullable Object value, @Nullable String current) {
    var wanted = ImageValues.text(key, value);
    boolean open =
        original.status() == ImageStatus.QUEUED || original.status() == ImageStatus.IMPORTING;
    if (!open && !Objects.equals(wanted, current)) {
      throw forbidden("Attribute %s can be only replaced for a queued image.".formatted(key));
    }
    return wanted;
  }
}
