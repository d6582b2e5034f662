package io.vitrine.api.filter;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vitrine.access.identity.Identity;
import io.vitrine.access.policy.Policy;
import io.vitrine.access.policy.Rule;
import io.vitrine.access.policy.Target;
import io.vitrine.image.Caller;
import java.util.Optional;

/** An identity that asks the policy who is an administrator. */
public record PolicyIdentity(Identity identity, Policy policy) implements Identity {
  @Override
  public Future<Caller> identify(MultiMap headers) {
    return identity.identify(headers).map(caller -> judged(policy, caller));
  }

  @Override
  public Optional<String> challenge() {
    return identity.challenge();
  }

  /** The caller, as an administrator if the policy says so. */
  public static Caller judged(Policy policy, Caller caller) {
    return caller.withAdmin(
        policy.allows(caller.withAdmin(false), Rule.CONTEXT_IS_ADMIN, Target.NOTHING));
  }
}
