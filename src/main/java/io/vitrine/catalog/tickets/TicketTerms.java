package io.vitrine.catalog.tickets;

import io.vitrine.image.location.HashClaim;
import java.util.Optional;

/**
 * What a ticket permits.
 *
 * @param isSingleUse whether the first use that succeeds is the last one
 * @param maxBytes the most data that may be sent; empty: as much as without a ticket
 * @param digest what the data that is sent must hash to
 * @param store the store for the data that is sent; empty: the default one
 */
public record TicketTerms(
    TicketMethod method,
    boolean isSingleUse,
    Optional<Long> maxBytes,
    Optional<HashClaim> digest,
    Optional<String> store) {
  /** Terms for reading. */
  public static TicketTerms reading(TicketMethod method, boolean isSingleUse) {
    return new TicketTerms(
        method, isSingleUse, Optional.empty(), Optional.empty(), Optional.empty());
  }
}
