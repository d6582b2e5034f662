package io.vitrine.transfer.bus;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.problem.Causes;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;

/** Encodes problems as failed replies, and decodes them. */
public final class ProblemCodec {
  /** The failure code of a reply that contains a problem. */
  static final int CODE = 1;

  private ProblemCodec() {}

  /** A failed reply; a defect becomes "unavailable" without its message. */
  public static ReplyException toReply(Throwable failure) {
    return new ReplyException(
        ReplyFailure.RECIPIENT_FAILURE, CODE, toJson(toProblem(failure)).encode());
  }

  /** The problem of a failure: itself, a failed reply's, or that of a lost peer. */
  public static Problem toProblem(Throwable failure) {
    return switch (Causes.bare(failure)) {
      case ProblemException expected -> expected.problem();
      case ReplyException reply
          when reply.failureCode() == CODE
              && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE ->
          toProblem(new JsonObject(reply.getMessage()));
      case ReplyException reply ->
          new Problem.Unavailable(
              "A required part of the service is not answering; try again later.");
      default -> new Problem.Unavailable("The service failed; try again later.");
    };
  }

  /** A failed reply as a {@link ProblemException}; other failures unchanged. */
  public static Throwable unwrap(Throwable failure) {
    var bare = Causes.bare(failure);
    return bare instanceof ReplyException ? new ProblemException(toProblem(bare)) : bare;
  }

  static JsonObject toJson(Problem problem) {
    var json =
        new JsonObject()
            .put("kind", problem.getClass().getSimpleName())
            .put("detail", problem.detail());
    return problem instanceof Problem.OutOfRange range ? json.put("size", range.sizeBytes()) : json;
  }

  static Problem toProblem(JsonObject json) {
    var detail = json.getString("detail");
    return switch (json.getString("kind")) {
      case "Invalid" -> new Problem.Invalid(detail);
      case "Unauthenticated" -> new Problem.Unauthenticated(detail);
      case "Forbidden" -> new Problem.Forbidden(detail);
      case "NotFound" -> new Problem.NotFound(detail);
      case "Conflict" -> new Problem.Conflict(detail);
      case "Locked" -> new Problem.Locked(detail);
      case "ChecksumMismatch" -> new Problem.ChecksumMismatch(detail);
      case "Gone" -> new Problem.Gone(detail);
      case "TooLarge" -> new Problem.TooLarge(detail);
      case "Full" -> new Problem.Full(detail);
      case "UnsupportedContent" -> new Problem.UnsupportedContent(detail);
      case "OutOfRange" -> new Problem.OutOfRange(detail, json.getLong("size"));
      case "Interrupted" -> new Problem.Interrupted(detail);
      case "Stalled" -> new Problem.Stalled(detail);
      case "Missing" -> new Problem.Missing(detail);
      case "Damaged" -> new Problem.Damaged(detail);
      case "Unreachable" -> new Problem.Unreachable(detail);
      case "NotOffered" -> new Problem.NotOffered(detail);
      default -> new Problem.Unavailable(detail);
    };
  }
}
