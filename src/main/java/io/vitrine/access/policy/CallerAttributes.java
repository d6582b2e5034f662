package io.vitrine.access.policy;

import io.vitrine.image.Caller;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The caller's attributes that rules can check, under the names of oslo.context. */
record CallerAttributes(Caller caller) {
  boolean hasRole(String role) {
    return caller.roles().contains(role.toLowerCase(Locale.ROOT));
  }

  /** Whether the caller, or the service that forwards the request, has the role. */
  boolean hasAnyRole(String role) {
    return hasRole(role) || caller.serviceRoles().contains(role.toLowerCase(Locale.ROOT));
  }

  /**
   * Whether the credential has the value, or is a list that contains it.
   *
   * @param path the credential's name, then the keys of nested objects
   */
  boolean has(List<String> path, String value) {
    return has(get(path.getFirst()), path.subList(1, path.size()), value);
  }

  private static boolean has(@Nullable Object found, List<String> path, String value) {
    return switch (found) {
      case null -> false;
      case Collection<?> items -> items.stream().anyMatch(item -> has(item, path, value));
      case Map<?, ?> inner ->
          !path.isEmpty() && has(inner.get(path.getFirst()), path.subList(1, path.size()), value);
      default -> path.isEmpty() && value.equals(text(found));
    };
  }

  private @Nullable Object get(String credential) {
    return switch (credential) {
      case "user_id", "user" -> caller.user();
      case "project_id", "tenant_id", "tenant" -> caller.project();
      case "user_domain_id", "user_domain" -> caller.userDomain();
      case "project_domain_id", "project_domain" -> caller.projectDomain();
      case "system_scope" -> caller.scope() == Caller.Scope.SYSTEM ? "all" : null;
      case "roles" -> caller.roles();
      case "service_roles" -> caller.serviceRoles();
      case "is_admin" -> caller.isAdmin();
      case "read_only" -> caller.isReadOnly();
      default -> null;
    };
  }

  /** The text as Python prints it. */
  private static String text(Object value) {
    return value instanceof Boolean flag ? (flag ? "True" : "False") : value.toString();
  }
}
