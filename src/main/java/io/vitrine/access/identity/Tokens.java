package io.vitrine.access.identity;

import static io.vitrine.image.problem.ProblemException.unauthenticated;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vitrine.image.problem.ProblemException;
import java.util.Optional;

/** Extracts tokens from request headers. */
public final class Tokens {
  public static final String USER_TOKEN = "X-Auth-Token";
  public static final String SERVICE_TOKEN = "X-Service-Token";

  /** In characters; the largest tokens in use have a few thousand. */
  private static final int MAX_LENGTH = 16 << 10;

  private static final String BEARER = "bearer ";

  private Tokens() {}

  /** The token in a header of its own, stripped of blanks. */
  public static Optional<String> in(MultiMap headers, String name) {
    return Optional.ofNullable(headers.get(name))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  /** The bearer token in {@code Authorization} (RFC 6750 section 2.1). */
  public static Optional<String> bearer(MultiMap headers) {
    return in(headers, "Authorization")
        .filter(text -> text.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(text -> text.substring(BEARER.length()).strip())
        .filter(text -> !text.isEmpty());
  }

  /** Whether the text can be a token: not too long, and visible ASCII only. */
  public static boolean isWellFormed(String token) {
    return token.length() <= MAX_LENGTH && token.chars().allMatch(each -> each > ' ' && each < 127);
  }

  public static <T> Future<T> refused() {
    return Future.failedFuture(
        unauthenticated("The request you have made requires authentication."));
  }

  public static <T> Future<T> unavailable(String detail) {
    return Future.failedFuture(ProblemException.unavailable(detail));
  }
}
