package io.vitrine.image;

import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who asks: a user acting for a project.
 *
 * @param user the user's id
 * @param userDomain the id of the domain that the user is of
 * @param project the id of the project that is acted for; null unless the scope is one
 * @param projectDomain the id of the domain that the project is of
 * @param roles the user's roles in that scope, in lower case
 * @param serviceRoles the roles of the service that passes the user's request on, in lower case
 * @param scope what the roles are held on
 * @param isReadOnly whether the caller may change nothing, whatever the roles say
 * @param isAdmin whether the caller may see and do what is for administrators only
 */
public record Caller(
    @Nullable String user,
    @Nullable String userDomain,
    @Nullable String project,
    @Nullable String projectDomain,
    Set<String> roles,
    Set<String> serviceRoles,
    Scope scope,
    boolean isReadOnly,
    boolean isAdmin) {

  /** What roles are held on, as Keystone knows it. */
  public enum Scope {
    PROJECT,
    DOMAIN,
    SYSTEM,
    /** Nothing: an identity without authority. */
    NONE
  }

  /** Copies the roles, in lower case. */
  public Caller {
    roles = inLowerCase(roles);
    serviceRoles = inLowerCase(serviceRoles);
  }

  /** A caller who is an administrator with the role of that name, until a policy decides. */
  public Caller(
      @Nullable String user,
      @Nullable String userDomain,
      @Nullable String project,
      @Nullable String projectDomain,
      Set<String> roles,
      Set<String> serviceRoles,
      Scope scope,
      boolean isReadOnly) {
    this(
        user,
        userDomain,
        project,
        projectDomain,
        roles,
        serviceRoles,
        scope,
        isReadOnly,
        inLowerCase(roles).contains("admin"));
  }

  /** A user acting for a project, or for none, with roles. */
  public Caller(@Nullable String user, @Nullable String project, Set<String> roles) {
    this(user, null, project, null, roles, Set.of(), Scope.PROJECT, false);
  }

  /** Somebody unknown, who may read what is open to all. */
  public static Caller anonymous() {
    return new Caller(null, null, null, null, Set.of(), Set.of(), Scope.NONE, true);
  }

  /** The same caller, whose request a service with these roles passes on. */
  public Caller through(Set<String> rolesOfService) {
    return new Caller(
        user,
        userDomain,
        project,
        projectDomain,
        roles,
        rolesOfService,
        scope,
        isReadOnly,
        isAdmin);
  }

  /** The same caller, who is an administrator or is not. */
  public Caller withAdmin(boolean isTrue) {
    return isTrue == isAdmin
        ? this
        : new Caller(
            user,
            userDomain,
            project,
            projectDomain,
            roles,
            serviceRoles,
            scope,
            isReadOnly,
            isTrue);
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

  private static Set<String> inLowerCase(Set<String> roles) {
    return roles.stream()
        .map(role -> role.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
