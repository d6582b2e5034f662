package io.vitrine.api.request;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.catalog.sql.IdempotencyKey;
import io.vitrine.image.HashAlgorithm;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/** Reads the {@code Idempotency-Key} of a request (draft-ietf-httpapi-idempotency-key-header). */
public final class IdempotencyHeader {
  private static final String NAME = "Idempotency-Key";

  private IdempotencyHeader() {}

  /** The key of the request; empty if the client sent none. */
  public static Optional<IdempotencyKey> read(RoutingContext context) {
    return Requests.header(context, NAME)
        .map(text -> new IdempotencyKey(project(context), check(text), fingerprint(context)));
  }

  private static String project(RoutingContext context) {
    return Objects.requireNonNullElse(Requests.caller(context).project(), "");
  }

  private static String check(String text) {
    boolean isPlain = text.chars().allMatch(each -> each >= ' ' && each < 127);
    if (text.isBlank() || text.length() > IdempotencyKey.MAX_LENGTH || !isPlain) {
      throw invalid(
          "%s must have 1 to %d printable ASCII characters."
              .formatted(NAME, IdempotencyKey.MAX_LENGTH));
    }
    return text;
  }

  private static String fingerprint(RoutingContext context) {
    var digest = HashAlgorithm.SHA256.begin();
    var line = context.request().method() + " " + Requests.path(context) + "\n";
    digest.update(line.getBytes(StandardCharsets.UTF_8));
    var body = Objects.requireNonNullElseGet(context.body().buffer(), Buffer::buffer);
    return HexFormat.of().formatHex(digest.digest(body.getBytes()));
  }
}
