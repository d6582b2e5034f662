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

  /** Whether the caller sees that the image exists. */
  public boolean sees(Image image) {
    return isAdmin()
        || image.owner() == null
        || image.visibility() == Visibility.PUBLIC
        || image.visibility() == Visibility.COMMUNITY
        || owns(image);
  }

  private boolean owns(Image image) {
    return image.owner() != null && Objects.equals(image.owner(), project);
  }
}
