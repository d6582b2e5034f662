package io.vitrine.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vitrine.identity.Identity;
import io.vitrine.image.Caller;
import io.vitrine.policy.Policy;
import io.vitrine.policy.Rule;
import io.vitrine.policy.Target;
import java.util.Optional;

/** An identity whose administrators are those that the policy says. */
record PolicyIdentity(Identity identity, Policy policy) implements Identity {
  @Override
  public Future<Caller> identify(MultiMap headers) {
    return identity.identify(headers).map(this::judged);
  }

  @Override
  public Optional<String> challenge() {
    return identity.challenge();
  }

  private Caller judged(Caller caller) {
    return caller.withAdmin(
        policy.allows(caller.withAdmin(false), Rule.CONTEXT_IS_ADMIN, Target.NOTHING));
  }
}
