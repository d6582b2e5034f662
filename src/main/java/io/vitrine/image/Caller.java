package io.vitrine.image;

import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The identity behind a request: usually a user acting for a project.
 *
 * @param user the user's id
 * @param userDomain the id of the user's domain
 * @param project the id of the project; null unless the scope is a project
 * @param projectDomain the id of the project's domain
 * @param roles the user's roles in that scope, in lower case
 * @param serviceRoles the roles of the service that forwards the user's request, in lower case
 * @param scope what the roles apply to
 * @param isReadOnly whether the caller may not change anything, whatever the roles
 * @param isAdmin whether the caller has an administrator's access
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

  /** The scope of the roles, as in Keystone. */
  public enum Scope {
    /** The roles apply to one project. */
    PROJECT,
    /** The roles apply to one domain. */
    DOMAIN,
    /** The roles apply to the whole deployment. */
    SYSTEM,
    /** No roles: the identity has no authority. */
    NONE
  }

  /** Copies the roles, in lower case. */
  public Caller {
    roles = inLowerCase(roles);
    serviceRoles = inLowerCase(serviceRoles);
  }

  /**
   * A user or a project.
   *
   * @param domain the id of its domain; null if domains are not known
   */
  public record Party(@Nullable String id, @Nullable String domain) {
    /** Nobody, such as the project of a caller without one. */
    public static final Party NONE = new Party(null, null);
  }

  /** A caller who is an administrator by the role of this name, until the policy decides. */
  public Caller(Party user, Party project, Set<String> roles, Scope scope) {
    this(
        user.id,
        user.domain,
        project.id,
        project.domain,
        roles,
        Set.of(),
        scope,
        false,
        inLowerCase(roles).contains("admin"));
  }

  /** A user acting for a project, or for none, with roles. */
  public Caller(@Nullable String user, @Nullable String project, Set<String> roles) {
    this(new Party(user, null), new Party(project, null), roles, Scope.PROJECT);
  }

  /** An anonymous caller, who may read whatever is open to all. */
  public static Caller anonymous() {
    return new Caller(null, null, null, null, Set.of(), Set.of(), Scope.NONE, true, false);
  }

  /** The same caller, whose request is forwarded by a service with these roles. */
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

  /** The same caller, as administrator or not. */
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
   * Whether the caller may know that the image exists.
   *
   * @param isMember whether the caller's project is a member of the image, in any status
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

  /** Whether the caller's project owns the image. */
  public boolean owns(Image image) {
    return image.owner() != null && Objects.equals(image.owner(), project);
  }

  /** Most sets are in lower case already, such as those of a caller that another is made from. */
  private static Set<String> inLowerCase(Set<String> roles) {
    for (var role : roles) {
      if (!role.equals(role.toLowerCase(Locale.ROOT))) {
        return roles.stream()
            .map(each -> each.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
      }
    }
    return Set.copyOf(roles);
  }
}
