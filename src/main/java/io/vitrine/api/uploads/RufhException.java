package io.vitrine.api.uploads;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.request.RequestBody;
import io.vitrine.api.request.Responses;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.Locale;
import java.util.Map;

/** A failure for which the draft has a type (RFC 9457). Its answer has the form of that RFC. */
final class RufhException extends ProblemException {
  private static final String TYPES = "https://iana.org/assignments/http-problem-types#";
  private static final String OFFSET = "expected-offset";

  private final int status;
  private final String type;
  private final String title;
  private final transient Map<String, Object> members;

  private RufhException(Problem problem, int status, String title, Map<String, Object> members) {
    super(problem);
    this.status = status;
    this.type = TYPES + title.toLowerCase(Locale.ROOT).replace(' ', '-');
    this.title = title;
    this.members = members;
  }

  /** The request goes on at another place than the upload. */
  static RufhException mismatchingOffset(long expected, long provided) {
    return new RufhException(
        new Problem.Conflict(
            "Upload-Offset is %d, but the upload goes on at %d.".formatted(provided, expected)),
        409,
        "Mismatching Upload Offset",
        Map.of(OFFSET, expected, "provided-offset", provided));
  }

  /** What requests say of the length of the data, or bring, does not agree. */
  static RufhException inconsistentLength(String detail) {
    return new RufhException(
        new Problem.Invalid(detail), 400, "Inconsistent Upload Length", Map.of());
  }

  /** The request wants to add to an upload that is complete; a type of earlier drafts. */
  static RufhException completed(long size) {
    return new RufhException(
        new Problem.Invalid("The upload is complete, and nothing can be added to it."),
        400,
        "Completed Upload",
        Map.of(OFFSET, size));
  }

  /** Answers a failure, in its own form if it has one. */
  static void fail(RoutingContext context, Throwable failure) {
    if (failure instanceof RufhException typed) {
      typed.answer(context);
    } else {
      context.fail(failure);
    }
  }

  private void answer(RoutingContext context) {
    var response = context.response();
    if (response.headWritten() || response.closed()) {
      context.fail(this);
      return;
    }
    response.putHeader(Rufh.COMPLETE, Rufh.flag(false));
    if (members.containsKey(OFFSET)) {
      response.putHeader(Rufh.OFFSET, String.valueOf(members.get(OFFSET)));
    }
    var document =
        new JsonObject()
            .put("type", type)
            .put("title", title)
            .put("status", status)
            .put("detail", problem().detail());
    members.forEach(document::put);
    Responses.text(context, status, "application/problem+json", document.encode());
    if (context.get(Endpoints.BODY) instanceof RequestBody body) {
      body.discard();
    }
  }
}
