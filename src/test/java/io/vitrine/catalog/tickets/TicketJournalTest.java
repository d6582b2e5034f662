package io.vitrine.catalog.tickets;

import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.FORBIDDEN;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.problem;
import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Caller;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.Problem;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestingCatalog.class)
class TicketJournalTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final TicketTerms READING = TicketTerms.reading(TicketMethod.DOWNLOAD, true);

  private final Pool pool;
  private final ImageCatalog catalog;
  private final TicketJournal journal;
  private final TicketSecret secret = TicketSecret.random();

  TicketJournalTest(Pool pool) {
    this.pool = pool;
    this.catalog = new ImageCatalog(pool);
    this.journal = new TicketJournal(pool, new TicketsConfig(true, HOUR, HOUR, 3));
  }

  private ImageId newImage() throws Exception {
    return result(catalog.create(image())).id();
  }

  private Future<Ticket> create(ImageId image, TicketTerms terms, Caller maker) {
    var wanted = new TicketJournal.NewTicket(terms, HOUR, secret);
    return journal.create(image, maker, PERMITTED, wanted);
  }

  private Ticket ticket() throws Exception {
    return result(create(newImage(), READING, ALICE));
  }

  private TicketState state(Ticket ticket) throws Exception {
    return result(journal.get(of(ticket), ticket.id())).state();
  }

  private static TicketJournal.Scope of(Ticket ticket) {
    return new TicketJournal.Scope(ticket.image(), Optional.empty());
  }

  private void age(Ticket ticket, String interval) throws Exception {
    result(
        pool.preparedQuery(
                "update tickets set ended_at = ended_at - interval '%1$s', expires_at = expires_at - interval '%1$s' where id = $1"
                    .formatted(interval))
            .execute(Tuple.of(ticket.id())));
  }

  @Test
  void keepsTermsAndMaker() throws Exception {
    var maker =
        new Caller(
            "alice",
            "users",
            "a",
            "projects",
            Set.of("member", "reader"),
            Set.of("service"),
            Caller.Scope.PROJECT,
            false,
            false);
    var claim = new HashClaim(HashAlgorithm.SHA256, "ab".repeat(32));
    var terms =
        new TicketTerms(
            TicketMethod.UPLOAD, true, Optional.of(1L << 40), Optional.of(claim), Optional.of("s"));

    var made = result(create(newImage(), terms, maker));

    assertThat(made.terms()).isEqualTo(terms);
    assertThat(made.maker()).isEqualTo(maker);
    assertThat(made.state()).isEqualTo(TicketState.ACTIVE);
    assertThat(result(journal.find(secret))).contains(made);
    assertThat(result(journal.find(TicketSecret.random()))).isEmpty();
  }

  @Test
  void keepsNoSecret() throws Exception {
    ticket();

    var rows = result(pool.query("select tickets::text as row from tickets").execute());

    assertThat(rows.iterator().next().getString("row")).doesNotContain(secret.text().substring(4));
    assertThat(secret.toString()).doesNotContain(secret.text().substring(4));
  }

  @Test
  void isUsedUpByOneOfTwo() throws Exception {
    var ticket = ticket();

    var claim = result(journal.claim(ticket));
    assertThat(problem(journal.claim(ticket))).isInstanceOf(Problem.Gone.class);
    assertThat(state(ticket)).isEqualTo(TicketState.USED);

    result(journal.release(ticket, claim));
    assertThat(state(ticket)).isEqualTo(TicketState.ACTIVE);
    result(journal.claim(ticket));
    result(journal.release(ticket, claim));
    assertThat(state(ticket)).isEqualTo(TicketState.USED);
  }

  @Test
  void staysRevokedWhenItIsGivenBack() throws Exception {
    var ticket = ticket();
    var claim = result(journal.claim(ticket));

    result(journal.revoke(of(ticket), ticket.id()));
    result(journal.release(ticket, claim));

    assertThat(state(ticket)).isEqualTo(TicketState.REVOKED);
    assertThat(problem(useUp(ticket))).isInstanceOf(Problem.Gone.class);
  }

  private Future<Void> useUp(Ticket ticket) {
    return Transactions.in(pool, connection -> TicketJournal.useUp(connection, ticket.id()));
  }

  /** The data that came in time may take longer than the ticket lives. */
  @Test
  void isUsedUpAfterItsTimeByDataThatCameInTime() throws Exception {
    var ticket = ticket();
    age(ticket, "2 hours");
    assertThat(problem(journal.claim(ticket))).isInstanceOf(Problem.Gone.class);

    result(useUp(ticket));

    assertThat(problem(useUp(ticket))).isInstanceOf(Problem.Gone.class);
  }

  @Test
  void isForMakersWhoMay() throws Exception {
    var wanted = new TicketJournal.NewTicket(READING, HOUR, secret);

    assertThat(problem(journal.create(newImage(), ALICE, FORBIDDEN, wanted)))
        .isInstanceOf(Problem.Forbidden.class);
    assertThat(problem(journal.create(newImage(), TestingCatalog.BOB, PERMITTED, wanted)))
        .isInstanceOf(Problem.NotFound.class);
  }

  @Test
  void countsActiveTicketsOnly() throws Exception {
    var image = newImage();
    var first = result(journal.create(image, ALICE, PERMITTED, fresh()));
    result(journal.create(image, ALICE, PERMITTED, fresh()));
    result(journal.create(image, ALICE, PERMITTED, fresh()));
    assertThat(problem(journal.create(image, ALICE, PERMITTED, fresh())))
        .isInstanceOf(Problem.Conflict.class);

    result(journal.claim(first));

    result(journal.create(image, ALICE, PERMITTED, fresh()));
    assertThat(result(journal.list(of(first))))
        .hasSize(4)
        .last()
        .extracting(Ticket::id)
        .isEqualTo(first.id());
    assertThat(result(journal.list(new TicketJournal.Scope(image, Optional.of("b"))))).isEmpty();
  }

  private static TicketJournal.NewTicket fresh() {
    return new TicketJournal.NewTicket(READING, HOUR, TicketSecret.random());
  }

  @Test
  void isForgottenADayAfterItsEnd() throws Exception {
    var ticket = ticket();
    age(ticket, "24 hours");
    result(journal.forgetEnded());
    assertThat(state(ticket)).isEqualTo(TicketState.EXPIRED);

    age(ticket, "2 hours");
    result(journal.forgetEnded());

    assertThat(result(journal.find(secret))).isEmpty();
  }

  @Test
  void goesWithItsImage() throws Exception {
    var ticket = ticket();

    result(catalog.delete(ticket.image(), ALICE, PERMITTED));

    assertThat(result(journal.find(secret))).isEmpty();
  }
}
