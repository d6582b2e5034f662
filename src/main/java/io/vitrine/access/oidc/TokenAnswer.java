package io.vitrine.access.oidc;

import io.vertx.core.json.JsonObject;
import io.vitrine.access.identity.CodeSignIn.Answer;
import io.vitrine.access.identity.RetryingClient.Reply;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the answer of a token endpoint (RFC 6749 sections 5.1 and 5.2). */
final class TokenAnswer {
  private static final int MAX_TEXT = 300;

  private TokenAnswer() {}

  /**
   * The answer.
   *
   * @throws RuntimeException if it is of another form
   */
  static Answer read(Reply reply) {
    var body = reply.body().toJsonObject();
    return switch (reply.status()) {
      case 200 -> tokens(body);
      case 400, 401, 403 ->
          new Answer.Refusal(
              shown(text(body, "error").orElseThrow()),
              shown(text(body, "error_description").orElse("")));
      default ->
          throw new IllegalStateException(
              "the token endpoint answered with status " + reply.status());
    };
  }

  private static Answer tokens(JsonObject body) {
    if (!text(body, "token_type").orElseThrow().equalsIgnoreCase("bearer")) {
      throw new IllegalStateException("the tokens are not bearer tokens");
    }
    return new Answer.Tokens(
        text(body, "access_token").orElseThrow(),
        text(body, "refresh_token"),
        text(body, "id_token"),
        body.getValue("expires_in") instanceof Number seconds
            ? OptionalLong.of(seconds.longValue())
            : OptionalLong.empty());
  }

  private static Optional<String> text(JsonObject body, String name) {
    return body.getValue(name) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  /** Texts for people are cut, and of one line. */
  private static String shown(String text) {
    var line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT);
  }
}
