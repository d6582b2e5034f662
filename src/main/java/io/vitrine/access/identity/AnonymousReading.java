package io.vitrine.access.identity;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vitrine.image.Caller;
import io.vitrine.net.address.Url;
import java.util.Optional;

/** Lets requests without a token read; a token that is present must be valid. */
public final class AnonymousReading implements Identity {
  private final Identity identity;

  /** Delegates requests with a token to another identity. */
  public AnonymousReading(Identity identity) {
    this.identity = identity;
  }

  @Override
  public Future<Caller> identify(MultiMap headers) {
    boolean showsToken =
        Tokens.in(headers, Tokens.USER_TOKEN).or(() -> Tokens.bearer(headers)).isPresent();
    return showsToken ? identity.identify(headers) : Future.succeededFuture(Caller.anonymous());
  }

  @Override
  public Future<Optional<Url>> imageEndpoint(
      MultiMap headers, String region, String serviceInterface) {
    return identity.imageEndpoint(headers, region, serviceInterface);
  }

  @Override
  public Optional<String> challenge() {
    return identity.challenge();
  }
}
