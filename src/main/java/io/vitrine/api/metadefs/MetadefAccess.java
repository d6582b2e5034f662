package io.vitrine.api.metadefs;

import io.vitrine.access.policy.Policy;
import io.vitrine.access.policy.Rule;
import io.vitrine.access.policy.Target;
import io.vitrine.api.request.RefusedException;
import io.vitrine.image.Caller;
import io.vitrine.metadef.Namespace;
import io.vitrine.metadef.NamespaceScope.Gate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the policy about metadata definitions. If the caller may not get a namespace, every call
 * answers 404. Whatever a policy file says, only administrators and the owner may change a
 * namespace and its contents.
 */
record MetadefAccess(Policy policy) {
  /** Requires several rules about a namespace, in order. */
  Gate gate(Caller caller, Rule... rules) {
    return namespace -> {
      for (var rule : rules) {
        require(caller, rule, target(namespace));
        if (!rule.isReading()) {
          requireOwned(caller, rule, namespace);
        }
      }
    };
  }

  /** Requires that a new namespace belongs to the caller's project. */
  void requireOwned(Caller caller, Rule rule, Namespace namespace) {
    boolean isOwner = namespace.owner() != null && namespace.owner().equals(caller.project());
    if (!isOwner && !caller.isAdmin()) {
      throw RefusedException.forbidden(
          rule, "You do not own the namespace '%s'.".formatted(namespace.name()));
    }
  }

  /** Requires rules that concern no particular namespace. */
  void require(Caller caller, List<Rule> rules) {
    rules.forEach(rule -> require(caller, rule, target(caller.project(), null)));
  }

  /** Whether a rule about a namespace permits the caller. */
  boolean allows(Caller caller, Rule rule, Namespace namespace) {
    return policy.allows(caller, rule, target(namespace));
  }

  private void require(Caller caller, Rule rule, Target target) {
    if (policy.allows(caller, rule, target)) {
      return;
    }
    boolean isHidden =
        rule == Rule.GET_METADEF_NAMESPACE
            || !policy.allows(caller, Rule.GET_METADEF_NAMESPACE, target);
    throw isHidden
        ? RefusedException.notFound(rule, "The resource could not be found.")
        : RefusedException.forbidden(rule);
  }

  private static Target target(Namespace namespace) {
    return target(namespace.owner(), namespace.visibility().text());
  }

  private static Target target(@Nullable String project, @Nullable String visibility) {
    return attribute ->
        switch (attribute) {
          case "owner", "project_id" -> project;
          case "visibility" -> visibility;
          default -> null;
        };
  }
}
