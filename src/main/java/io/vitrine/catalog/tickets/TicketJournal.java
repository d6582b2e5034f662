package io.vitrine.catalog.tickets;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.gone;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.audit.AuditAction;
import io.vitrine.catalog.audit.AuditEntry;
import io.vitrine.catalog.audit.AuditTrail;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.image.Permit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * The tickets of images. A ticket is used up by one statement or transaction, so that of several
 * requests at the same time only one succeeds, on any node.
 */
public final class TicketJournal {
  /** How long a ticket that has ended is known, so that its user is told why it is refused. */
  private static final Duration MEMORY = Duration.ofDays(1);

  private static final int MOST_LISTED = 1000;

  /** What a record in the audit trail calls the ticket's id. */
  private static final String TICKET = "ticket";

  private final Pool pool;
  private final TicketsConfig config;

  /** A journal in a database. */
  public TicketJournal(Pool pool, TicketsConfig config) {
    this.pool = pool;
    this.config = config;
  }

  /** Whether tickets are made and honoured, and for how long. */
  public TicketsConfig config() {
    return config;
  }

  /** A ticket to be made. */
  public record NewTicket(TicketTerms terms, Duration lifetime, TicketSecret secret) {}

  /**
   * Whose tickets of an image are meant.
   *
   * @param project that made them; empty: any
   */
  public record Scope(ImageId image, Optional<String> project) {}

  /** Makes a ticket; fails as a conflict if the image has too many. */
  public Future<Ticket> create(ImageId image, Caller maker, Permit permit, NewTicket wanted) {
    return Transactions.in(
        pool,
        connection ->
            ImageCatalog.lockForChange(connection, image, maker, permit)
                .compose(locked -> requireRoom(connection, image))
                .compose(room -> insert(connection, image, maker, wanted))
                .compose(
                    made ->
                        AuditTrail.record(connection, entry(made, AuditAction.TICKET_CREATE))
                            .map(made)));
  }

  private static AuditEntry entry(Ticket ticket, AuditAction action) {
    return AuditEntry.of(ticket.image(), action)
        .with(TICKET, ticket.id().toString())
        .with("method", ticket.terms().method().text());
  }

  private Future<Void> requireRoom(SqlConnection connection, ImageId image) {
    return connection
        .preparedQuery(
            "select from tickets where image_id = $1 and ended_by is null and expires_at > now()")
        .execute(Tuple.of(image.value()))
        .map(
            rows -> {
              if (rows.size() >= config.maxPerImage()) {
                throw conflict(
                    "Image %s has %d active tickets; revoke one, or wait until one expires."
                        .formatted(image, rows.size()));
              }
              return null;
            });
  }

  private static Future<Ticket> insert(
      SqlConnection connection, ImageId image, Caller maker, NewTicket wanted) {
    var values = Tuple.of(UUID.randomUUID(), image.value(), wanted.secret().digest());
    return connection
        .preparedQuery(
            """
            insert into tickets (id, image_id, secret_sha256, method, single_use, max_bytes, digest, store,
              user_id, user_domain, project, project_domain, roles, service_roles, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, now() + interval '%d milliseconds')
            returning %s
            """
                .formatted(wanted.lifetime().toMillis(), TicketRows.COLUMNS))
        .execute(TicketRows.add(values, wanted.terms(), maker))
        .map(rows -> TicketRows.toTicket(rows.iterator().next()));
  }

  /** The ticket with a secret, in whatever state; empty if there is none. */
  public Future<Optional<Ticket>> find(TicketSecret secret) {
    return pool.preparedQuery(
            "select " + TicketRows.COLUMNS + " from tickets where secret_sha256 = $1")
        .execute(Tuple.of(secret.digest()))
        .map(TicketJournal::first);
  }

  private static Optional<Ticket> first(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).findFirst().map(TicketRows::toTicket);
  }

  /** The tickets of an image: first the active ones, and the newest first. */
  public Future<List<Ticket>> list(Scope scope) {
    return pool.preparedQuery(
            """
            select %s from tickets where image_id = $1 and ($2::text is null or project = $2)
            order by (ended_by is null and expires_at > now()) desc, created_at desc, id limit %d
            """
                .formatted(TicketRows.COLUMNS, MOST_LISTED))
        .execute(Tuple.of(scope.image().value(), scope.project().orElse(null)))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false).map(TicketRows::toTicket).toList());
  }

  /** A ticket of an image; fails as not found if there is none. */
  public Future<Ticket> get(Scope scope, UUID id) {
    return pool.preparedQuery(
            """
            select %s from tickets where image_id = $1 and ($2::text is null or project = $2) and id = $3
            """
                .formatted(TicketRows.COLUMNS))
        .execute(Tuple.of(scope.image().value(), scope.project().orElse(null), id))
        .map(
            rows ->
                first(rows).orElseThrow(() -> notFound("There is no ticket %s.".formatted(id))));
  }

  /** Ends a ticket, if that has not ended; fails as not found if there is none. */
  public Future<Void> revoke(Scope scope, UUID id) {
    return Transactions.in(
        pool,
        connection ->
            connection
                .preparedQuery(
                    """
                    update tickets set ended_by = 'revoked', ended_at = coalesce(ended_at, now()), claim = null
                    where image_id = $1 and ($2::text is null or project = $2) and id = $3
                    returning %s
                    """
                        .formatted(TicketRows.COLUMNS))
                .execute(Tuple.of(scope.image().value(), scope.project().orElse(null), id))
                .map(
                    rows ->
                        first(rows)
                            .orElseThrow(() -> notFound("There is no ticket %s.".formatted(id))))
                .compose(
                    ended ->
                        AuditTrail.record(connection, entry(ended, AuditAction.TICKET_REVOKE))));
  }

  /**
   * Uses a ticket up for one request; fails as gone if another was first. The request gives it back
   * by {@link #release} if it does not succeed.
   */
  public Future<UUID> claim(Ticket ticket) {
    var claim = UUID.randomUUID();
    var values = Tuple.of(ticket.id(), claim);
    return pool.preparedQuery(
            """
            with used as (
              update tickets set ended_by = 'used', ended_at = now(), claim = $2
              where id = $1 and ended_by is null and expires_at > now() returning id)
            insert into audit (%s) select $3, $4, $5, $6, $7, $8, $9, $10, $11 from used
            """
                .formatted(AuditTrail.COLUMNS))
        .execute(AuditTrail.addTo(values, entry(ticket, AuditAction.TICKET_USE)))
        .compose(rows -> requireOne(rows.rowCount()))
        .map(claim);
  }

  /** Gives a ticket back, unless it has been revoked. */
  public Future<Void> release(Ticket ticket, UUID claim) {
    return pool.preparedQuery(
            "update tickets set ended_by = null, ended_at = null, claim = null"
                + " where id = $1 and claim = $2")
        .execute(Tuple.of(ticket.id(), claim))
        .mapEmpty();
  }

  /**
   * Uses a ticket up in the transaction that makes its data that of the image; fails as gone if it
   * has been revoked or used meanwhile. It may have expired: the data came in time.
   */
  public static Future<Void> useUp(SqlConnection connection, UUID ticket) {
    return connection
        .preparedQuery(
            """
            update tickets set ended_by = 'used', ended_at = now() where id = $1 and ended_by is null
            """)
        .execute(Tuple.of(ticket))
        .compose(rows -> requireOne(rows.rowCount()));
  }

  private static Future<Void> requireOne(int rows) {
    return rows == 1
        ? Future.succeededFuture()
        : Future.failedFuture(gone("The ticket has been used or revoked."));
  }

  /** Removes tickets that ended some time ago. */
  public Future<Void> forgetEnded() {
    return pool.query(
            "delete from tickets where coalesce(ended_at, expires_at) < now() - interval '%d seconds'"
                .formatted(MEMORY.toSeconds()))
        .execute()
        .mapEmpty();
  }
}
