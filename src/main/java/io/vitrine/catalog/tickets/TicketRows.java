package io.vitrine.catalog.tickets;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.HashClaim;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Maps rows to tickets. */
final class TicketRows {
  static final String COLUMNS =
      """
      id, image_id, method, single_use, max_bytes, digest, store, user_id, user_domain, project, project_domain,
      roles, service_roles, created_at, expires_at,
      case when ended_by is not null then ended_by when expires_at <= now() then 'expired' else 'active' end as state
      """;

  private TicketRows() {}

  static Ticket toTicket(Row row) {
    return new Ticket(
        row.getUUID("id"),
        new ImageId(row.getUUID("image_id")),
        toTerms(row),
        toMaker(row),
        new Ticket.Span(
            row.getOffsetDateTime("created_at").toInstant(),
            row.getOffsetDateTime("expires_at").toInstant()),
        TicketState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)));
  }

  private static TicketTerms toTerms(Row row) {
    return new TicketTerms(
        TicketMethod.find(row.getString("method")).orElseThrow(),
        row.getBoolean("single_use"),
        Optional.ofNullable(row.getLong("max_bytes")),
        Optional.ofNullable(row.getString("digest")).map(HashClaim::parse),
        Optional.ofNullable(row.getString("store")));
  }

  private static Caller toMaker(Row row) {
    return new Caller(
        row.getString("user_id"),
        row.getString("user_domain"),
        row.getString("project"),
        row.getString("project_domain"),
        Set.of(row.getArrayOfStrings("roles")),
        Set.of(row.getArrayOfStrings("service_roles")),
        Caller.Scope.PROJECT,
        false,
        false);
  }

  /** Adds the terms and the maker, in the order of the columns. */
  static Tuple add(Tuple values, TicketTerms terms, Caller maker) {
    return values
        .addValue(terms.method().text())
        .addValue(terms.isSingleUse())
        .addValue(terms.maxBytes().orElse(null))
        .addValue(terms.digest().map(HashClaim::text).orElse(null))
        .addValue(terms.store().orElse(null))
        .addValue(maker.user())
        .addValue(maker.userDomain())
        .addValue(maker.project())
        .addValue(maker.projectDomain())
        .addValue(maker.roles().toArray(String[]::new))
        .addValue(maker.serviceRoles().toArray(String[]::new));
  }
}
