package io.vitrine.api.tickets;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.request.ExpectedDigests;
import io.vitrine.api.request.Requests;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.catalog.tickets.TicketMethod;
import io.vitrine.catalog.tickets.TicketTerms;
import io.vitrine.catalog.tickets.TicketsConfig;
import io.vitrine.image.problem.ProblemException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The body of a request for a ticket. */
record TicketForm(TicketTerms terms, Duration lifetime) {
  private static final String METHOD = "method";
  private static final String EXPIRES_IN = "expires_in";
  private static final String SINGLE_USE = "single_use";
  private static final String MAX_SIZE = "max_size";
  private static final String DIGEST = "digest";
  private static final String STORE = "store";
  private static final Set<String> KEYS =
      Set.of(METHOD, EXPIRES_IN, SINGLE_USE, MAX_SIZE, DIGEST, STORE);

  /** What only data that is sent can have. */
  private static final List<String> OF_UPLOADS = List.of(MAX_SIZE, DIGEST, STORE);

  /**
   * Reads and checks a body.
   *
   * @throws ProblemException invalid; gone if the store is read-only
   */
  static TicketForm of(JsonObject body, TicketsConfig config, ApiCapabilities capabilities) {
    body.stream()
        .filter(member -> !KEYS.contains(member.getKey()))
        .findFirst()
        .ifPresent(
            unknown -> {
              throw invalid(
                  "A ticket has no '%s'; it has %s."
                      .formatted(unknown.getKey(), KEYS.stream().sorted().toList()));
            });
    var method = method(body);
    return new TicketForm(
        method == TicketMethod.UPLOAD ? uploading(body, capabilities) : reading(body, method),
        lifetime(body, config));
  }

  private static TicketMethod method(JsonObject body) {
    return text(body, METHOD)
        .flatMap(TicketMethod::find)
        .orElseThrow(
            () ->
                invalid(
                    "The method of a ticket must be one of %s."
                        .formatted(
                            Arrays.stream(TicketMethod.values())
                                .map(TicketMethod::text)
                                .toList())));
  }

  private static TicketTerms reading(JsonObject body, TicketMethod method) {
    OF_UPLOADS.stream()
        .filter(body::containsKey)
        .findFirst()
        .ifPresent(
            key -> {
              throw invalid("Only a ticket for an upload has a '%s'.".formatted(key));
            });
    return TicketTerms.reading(method, Requests.flag(body, SINGLE_USE, false));
  }

  private static TicketTerms uploading(JsonObject body, ApiCapabilities capabilities) {
    if (!Requests.flag(body, SINGLE_USE, true)) {
      throw invalid("A ticket for an upload is for a single use, as an image takes data once.");
    }
    return new TicketTerms(
        TicketMethod.UPLOAD,
        true,
        number(body, MAX_SIZE),
        text(body, DIGEST).map(text -> ExpectedDigests.parse(text, "The digest")),
        text(body, STORE).map(capabilities::requireWritable));
  }

  private static Duration lifetime(JsonObject body, TicketsConfig config) {
    long most = config.maxLifetime().toSeconds();
    return number(body, EXPIRES_IN)
        .map(
            seconds -> {
              if (seconds < 1 || seconds > most) {
                throw invalid("%s must be 1 to %d seconds.".formatted(EXPIRES_IN, most));
              }
              return Duration.ofSeconds(seconds);
            })
        .orElse(config.lifetime());
  }

  private static Optional<String> text(JsonObject body, String key) {
    return switch (body.getValue(key)) {
      case null -> Optional.empty();
      case String text -> Optional.of(Requests.plain(key, text));
      default -> throw invalid("%s must be a string.".formatted(key));
    };
  }

  /** A count, zero or more. */
  private static Optional<Long> number(JsonObject body, String key) {
    return switch (body.getValue(key)) {
      case null -> Optional.empty();
      case Integer number when number >= 0 -> Optional.of(number.longValue());
      case Long number when number >= 0 -> Optional.of(number);
      default -> throw invalid("%s must be a whole number, not negative.".formatted(key));
    };
  }
}
