package io.vitrine.image;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who asks: a user acting for a project, with roles in lower case. */
public record Caller(@Nullable String user, @Nullable String project, Set<String> roles) {
  /** Copies the roles. */
  public Caller {
    roles = Set.copyOf(roles);
  }

  /** Whether the caller may do everything. */
  public boolean isAdmin() {
    return roles.contains("admin");
  }

  /**
   * Whether the caller sees that the image exists.
   *
   * @param isMember whether the caller's project is one of the image's members, in any status
   */
  public boolean sees(Image image, boolean isMember) {
    return isAdmin()
        || image.owner() == null
        || owns(image)
        || switch (image.visibility()) {
          case PUBLIC, COMMUNITY -> true;
          case SHARED -> isMember;
          case PRIVATE -> false;
        };
  }

  /** Whether the image is one of the caller's project. */
  public boolean owns(Image image) {
    return image.owner() != null && Objects.equals(image.owner(), project);
  }
}
