package io.vitrine.catalog.tickets;

import static io.vitrine.image.problem.ProblemException.gone;

import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.image.problem.ProblemException;
import java.time.Instant;
import java.util.UUID;

/**
 * A ticket, without its secret.
 *
 * @param maker with the roles of that time; no administrator until the policy says so
 */
public record Ticket(
    UUID id, ImageId image, TicketTerms terms, Caller maker, Span span, TicketState state) {
  /** When the ticket was made, and when it expires. */
  public record Span(Instant createdAt, Instant expiresAt) {}

  /**
   * Returns the ticket if it can be used.
   *
   * @throws ProblemException gone
   */
  public Ticket requireActive() {
    return switch (state) {
      case ACTIVE -> this;
      case USED -> throw gone("The ticket has been used.");
      case REVOKED -> throw gone("The ticket has been revoked.");
      case EXPIRED -> throw gone("The ticket has expired.");
    };
  }
}
