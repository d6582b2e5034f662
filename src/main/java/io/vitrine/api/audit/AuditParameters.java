package io.vitrine.api.audit;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.MultiMap;
import io.vitrine.api.query.IsoTime;
import io.vitrine.api.query.ListQuery;
import io.vitrine.api.request.Requests;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.catalog.audit.AuditAction;
import io.vitrine.catalog.audit.AuditQuery;
import io.vitrine.image.ImageId;
import io.vitrine.image.problem.ProblemException;
import java.time.Instant;
import java.util.Optional;

/** Parses the query parameters of the audit trail. */
final class AuditParameters {
  private AuditParameters() {}

  /**
   * A page of one image's trail.
   *
   * @throws ProblemException invalid
   */
  static AuditQuery of(MultiMap parameters, ImageId image, ApiCapabilities capabilities) {
    return AuditQuery.of(image, marker(parameters), ListQuery.limit(parameters, capabilities));
  }

  /**
   * A page of the whole trail, filtered.
   *
   * @throws ProblemException invalid
   */
  static AuditQuery of(MultiMap parameters, ApiCapabilities capabilities) {
    return new AuditQuery(
        Optional.empty(),
        text(parameters, "project"),
        text(parameters, "user"),
        text(parameters, "action").map(AuditParameters::action),
        new AuditQuery.Span(time(parameters, "from"), time(parameters, "to")),
        marker(parameters),
        ListQuery.limit(parameters, capabilities));
  }

  private static Optional<String> text(MultiMap parameters, String key) {
    return Optional.ofNullable(parameters.get(key)).map(text -> Requests.plain(key, text));
  }

  private static AuditAction action(String text) {
    return AuditAction.of(text)
        .orElseThrow(
            () ->
                invalid(
                    "The action '%s' is not one of %s."
                        .formatted(text, String.join(", ", AuditAction.NAMES))));
  }

  private static Optional<Instant> time(MultiMap parameters, String key) {
    return text(parameters, key)
        .map(
            text ->
                IsoTime.parse(text)
                    .orElseThrow(
                        () ->
                            invalid(
                                "The time of %s, '%s', is not in the form 2026-01-31T12:00:00Z."
                                    .formatted(key, text))));
  }

  private static Optional<Long> marker(MultiMap parameters) {
    return text(parameters, "marker").map(AuditParameters::number);
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException malformed) {
      throw invalid("The marker '%s' is not the id of a record.".formatted(text));
    }
  }
}
