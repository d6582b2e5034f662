package io.vitrine.identity;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vitrine.image.Caller;

/** Finds out who is calling from the headers of a request. */
public interface Identity {
  /** The caller; fails as unauthenticated when nobody is known. */
  Future<Caller> identify(MultiMap headers);
}
