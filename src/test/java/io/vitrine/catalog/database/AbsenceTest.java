package io.vitrine.catalog.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgException;
import io.vitrine.catalog.sql.DatabaseException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AbsenceTest {
  @ParameterizedTest
  @CsvSource({
    "08001, true", // nothing answers
    "08006, true", // the connection broke
    "08P01, true", // a pooler without a server
    "57P03, true", // it is starting up
    "57P01, true", // it is shut down
    "53300, true", // too many clients
    "25006, true", // read-only
    "28P01, false", // wrong password
    "28000, false", // no entry in pg_hba.conf
    "3D000, false", // no such database
    "42501, false", // no permission
    "08004, false", // no TLS there
  })
  void knowsWhatPasses(String state, boolean mayPass) {
    var ofJdbc = new DatabaseException("", new SQLException("", state));
    var ofPool =
        new DatabaseException(
            "", new UnreachableDatabaseException("", new PgException("", "FATAL", state, "")));

    assertThat(Absence.mayPass(ofJdbc)).isEqualTo(mayPass);
    assertThat(Absence.mayPass(ofPool)).isEqualTo(mayPass);
  }

  @Test
  void waitsForTheNetwork() {
    assertThat(Absence.mayPass(ofPool(new ConnectException("refused")))).isTrue();
    assertThat(Absence.mayPass(ofPool(new UnknownHostException("db")))).isTrue();
    assertThat(Absence.mayPass(ofPool(new TimeoutException("late")))).isTrue();
  }

  @Test
  void doesNotWaitForAnotherCertificate() {
    var refused = new SSLHandshakeException("not trusted");
    refused.initCause(new CertificateException("not trusted"));
    var cut = new SSLHandshakeException("cut");
    cut.initCause(new EOFException());

    assertThat(Absence.mayPass(new SQLException("SSL error", "08006", refused))).isFalse();
    assertThat(Absence.mayPass(new SQLException("SSL error", "08006", cut))).isTrue();
  }

  @Test
  void doesNotWaitForWhatIsNoAbsence() {
    assertThat(Absence.mayPass(new DatabaseException("the schema is old"))).isFalse();
  }

  @Test
  void doesNotWaitForAServerThatIsConfiguredOtherwise() {
    var pooler = new SessionSetup.UnusableServerException("a pooler answers there");

    assertThat(Absence.mayPass(ofPool(pooler))).isFalse();
  }

  private static DatabaseException ofPool(Exception cause) {
    return new DatabaseException("", new UnreachableDatabaseException("", cause));
  }
}
