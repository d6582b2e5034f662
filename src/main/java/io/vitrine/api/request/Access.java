package io.vitrine.api.request;

import io.vitrine.access.policy.Policy;
import io.vitrine.access.policy.PropertyProtections;
import io.vitrine.access.policy.Rule;
import io.vitrine.access.policy.Target;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.Permit;
import io.vitrine.image.Visibility;
import io.vitrine.image.edit.ImagePatch;
import io.vitrine.image.edit.PropertyGuard;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the policy before an operation. Whatever a policy file says, only administrators and the
 * owner may change an image, as Glance's database layer requires.
 */
public record Access(Policy policy, PropertyProtections protections) {
  private static final Set<Rule> OWNER_ONLY =
      EnumSet.of(
          Rule.MODIFY_IMAGE,
          Rule.DELETE_IMAGE,
          Rule.UPLOAD_IMAGE,
          Rule.DEACTIVATE,
          Rule.REACTIVATE,
          Rule.SET_IMAGE_LOCATION,
          Rule.DELETE_IMAGE_LOCATION,
          Rule.ADD_IMAGE_LOCATION,
          Rule.ADD_MEMBER,
          Rule.DELETE_MEMBER);

  /** Requires a rule about an image; if the caller may not even get the image, it is not found. */
  public Permit permit(Caller caller, Rule rule) {
    return image -> {
      require(caller, rule, image);
      requireOwnership(caller, rule, image);
      return image;
    };
  }

  /** Requires a rule about an image that the caller sees; a refusal never hides the image. */
  public Permit permitOpenly(Caller caller, Rule rule) {
    return image -> {
      if (!allows(caller, rule, image)) {
        throw RefusedException.forbidden(rule);
      }
      return image;
    };
  }

  /**
   * Requires what a patch needs: the rule to modify, and the rule of each wider visibility it sets.
   */
  public Permit permit(Caller caller, ImagePatch patch) {
    return image -> {
      patch.visibilities().stream()
          .distinct()
          .forEach(visibility -> requireVisibility(caller, image, visibility));
      return permit(caller, Rule.MODIFY_IMAGE).require(image);
    };
  }

  /** Requires permission to create the image. */
  public Image requireNew(Caller caller, Image image) {
    var target = target(caller, image);
    if (!policy.allows(caller, Rule.ADD_IMAGE, target)
        && !Objects.equals(image.owner(), caller.project())) {
      throw RefusedException.forbidden(
          Rule.ADD_IMAGE,
          "You are not permitted to create images owned by '%s'.".formatted(image.owner()));
    }
    require(caller, Rule.ADD_IMAGE, target);
    widening(image.visibility()).ifPresent(rule -> require(caller, rule, target));
    return image;
  }

  /** Whether the policy lets the caller get an image that the catalog shows. */
  public boolean maySee(Caller caller, Image image) {
    return allows(caller, Rule.GET_IMAGE, image);
  }

  /** Whether a rule permits the caller on an image. */
  public boolean allows(Caller caller, Rule rule, Image image) {
    return policy.allows(caller, rule, target(caller, image));
  }

  /** Requires a rule about something that does not exist yet. */
  public void require(Caller caller, Rule rule, Map<String, String> target) {
    require(caller, rule, Target.of(target));
  }

  /** Requires a rule about something that does not exist yet. */
  public void require(Caller caller, Rule rule, Target target) {
    if (!policy.allows(caller, rule, target)) {
      throw RefusedException.forbidden(rule);
    }
  }

  /** Requires a rule whose target is the caller's project. */
  public void require(Caller caller, Rule rule) {
    require(caller, rule, ofProject(caller));
  }

  /** Whether a rule whose target is the caller's project permits the caller. */
  public boolean allows(Caller caller, Rule rule) {
    return policy.allows(caller, rule, ofProject(caller));
  }

  private static Target ofProject(Caller caller) {
    return attribute -> attribute.equals("project_id") ? caller.project() : null;
  }

  /** The permissions on extra properties, for one request. */
  public PropertyGuard properties(Caller caller) {
    return protections.guard(caller, policy);
  }

  private void require(Caller caller, Rule rule, Image image) {
    if (!allows(caller, rule, image)) {
      throw rule != Rule.GET_IMAGE && maySee(caller, image)
          ? RefusedException.forbidden(rule)
          : RefusedException.notFound(rule, image.id());
    }
  }

  /** Only the member changes a membership's status, so the owner does not pass here. */
  private void requireOwnership(Caller caller, Rule rule, Image image) {
    boolean isRefused =
        rule == Rule.MODIFY_MEMBER
            ? caller.owns(image)
            : OWNER_ONLY.contains(rule) && !caller.owns(image) && !isLocatingService(caller, rule);
    if (isRefused && !caller.isAdmin()) {
      throw maySee(caller, image)
          ? RefusedException.forbidden(rule, refusal(rule))
          : RefusedException.notFound(rule, image.id());
    }
  }

  /** Services such as Cinder report where they have put the data of their users' images. */
  private static boolean isLocatingService(Caller caller, Rule rule) {
    return rule == Rule.ADD_IMAGE_LOCATION
        && (caller.roles().contains("service") || caller.serviceRoles().contains("service"));
  }

  private static String refusal(Rule rule) {
    return switch (rule) {
      case MODIFY_MEMBER -> "You are not permitted to modify 'status' on this image member.";
      default -> "You do not own this image";
    };
  }

  private void requireVisibility(Caller caller, Image image, Visibility visibility) {
    widening(visibility).ifPresent(rule -> require(caller, rule, image));
  }

  /** The rule for making an image visible beyond its owner and members. */
  private static Optional<Rule> widening(Visibility visibility) {
    return switch (visibility) {
      case PUBLIC -> Optional.of(Rule.PUBLICIZE_IMAGE);
      case COMMUNITY -> Optional.of(Rule.COMMUNITIZE_IMAGE);
      case SHARED, PRIVATE -> Optional.empty();
    };
  }

  private static Target target(Caller caller, Image image) {
    return attribute -> attribute(caller, image, attribute);
  }

  /** An attribute of the target, as Glance names it; an extra property cannot shadow one. */
  private static @Nullable String attribute(Caller caller, Image image, String attribute) {
    return switch (attribute) {
      case "owner", "project_id" -> image.owner();
      case "id", "image_id" -> image.id().toString();
      case "name" -> image.name();
      case "status" -> image.status().text();
      case "visibility" -> image.visibility().text();
      case "protected" -> flag(image.isProtected());
      case "os_hidden" -> flag(image.isHidden());
      case "disk_format" -> image.diskFormat();
      case "container_format" -> image.containerFormat();
      case "min_disk" -> String.valueOf(image.minDisk());
      case "min_ram" -> String.valueOf(image.minRam());
      case "size" -> image.size() == null ? null : image.size().toString();
      case "member", "member_id" -> isMember(caller, image) ? caller.project() : null;
      default -> image.properties().get(attribute);
    };
  }

  /** A boolean in the notation of rules. */
  private static String flag(boolean value) {
    return value ? "True" : "False";
  }

  /**
   * Whether the caller sees the image as a member: others than the owner see shared images only so.
   */
  private static boolean isMember(Caller caller, Image image) {
    return image.visibility() == Visibility.SHARED
        && caller.project() != null
        && !caller.owns(image);
  }
}
