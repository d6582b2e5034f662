package io.vitrine.net.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vitrine.api.RawConnection;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class TlsFilesTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

  private final Path certificate;
  private final Path key;
  private final TlsConfig files;

  TlsFilesTest(@TempDir Path directory) {
    certificate = directory.resolve("certificate.pem");
    key = directory.resolve("key.pem");
    files = tls(Optional.empty(), Duration.ofMillis(20));
  }

  private TlsConfig tls(Optional<Path> clientCa, Duration reloadInterval) {
    return new TlsConfig(Optional.of(certificate), Optional.of(key), clientCa, reloadInterval);
  }

  private TestingCertificate publish(String type) throws Exception {
    var made = TestingCertificate.of(type);
    made.writeKey(key);
    made.writeCertificate(certificate);
    return made;
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void encryptsConnections(String type) throws Exception {
    var made = publish(type);

    try (var listener = TestingListener.encrypted(files);
        var socket = connect(listener);
        var connection = new RawConnection(socket)) {
      assertThat(connection.send(GET).read().body()).isEqualTo("127.0.0.1");
      assertThat(shown(socket)).isEqualTo(made.certificate());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X : y", "X: y\r\n z"})
  void refusesMalformedHeadsBehindTheEncryption(String header) throws Exception {
    publish("EC");

    try (var listener = TestingListener.encrypted(files);
        var connection = new RawConnection(connect(listener))) {
      connection.send("GET / HTTP/1.1\r\n" + header + "\r\n\r\n");

      assertThat(connection.read().status()).isEqualTo(400);
    }
  }

  @Test
  void closesConnectionsThatAreNotEncrypted() throws Exception {
    publish("EC");

    try (var listener = TestingListener.encrypted(files);
        var connection = listener.connect()) {
      connection.send(GET);

      assertThatThrownBy(connection::read).isInstanceOf(Exception.class);
    }
  }

  @Test
  void showsNewConnectionsTheNewCertificateAndKeepsOldOnes() throws Exception {
    publish("EC");

    try (var listener = TestingListener.encrypted(files);
        var old = new RawConnection(connect(listener))) {
      assertThat(old.send(GET).read().status()).isEqualTo(200);

      var renewed = publish("RSA");

      awaitShown(listener, renewed);
      assertThat(old.send(GET).read().status()).isEqualTo(200);
    }
  }

  @Test
  void staysWithWhatIsGoodWhileTheFilesAreNot() throws Exception {
    var good = publish("EC");

    try (var listener = TestingListener.encrypted(files)) {
      awaitRefusal(() -> TestingCertificate.of("EC").writeKey(key));
      assertThat(shown(listener)).isEqualTo(good.certificate());
      awaitRefusal(() -> Files.writeString(certificate, "nonsense"));
      assertThat(shown(listener)).isEqualTo(good.certificate());
      awaitRefusal(() -> Files.delete(certificate));
      assertThat(shown(listener)).isEqualTo(good.certificate());

      awaitShown(listener, publish("EC"));
    }
  }

  @Test
  void doesNotStartWithAForeignKey() throws Exception {
    publish("EC");
    TestingCertificate.of("EC").writeKey(key);

    assertThatThrownBy(() -> TestingListener.encrypted(files))
        .hasMessageContaining("the key does not belong to the certificate");
  }

  @Test
  void asksClientsForACertificate() throws Exception {
    publish("EC");
    var client = TestingCertificate.of("EC");
    var authority = key.resolveSibling("authority.pem");
    client.writeCertificate(authority);
    var asking = tls(Optional.of(authority), Duration.ofSeconds(10));

    try (var listener = TestingListener.encrypted(asking)) {
      try (var known = new RawConnection(connect(listener, client))) {
        assertThat(known.send(GET).read().status()).isEqualTo(200);
      }
      assertThatThrownBy(
              () -> {
                try (var unknown = new RawConnection(connect(listener))) {
                  unknown.send(GET).read();
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  private interface Change {
    void make() throws Exception;
  }

  /** Changes the files, and waits until the log says that they cannot be used. */
  private static void awaitRefusal(Change change) throws Exception {
    var log = (Logger) LoggerFactory.getLogger(TlsFiles.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.list = new CopyOnWriteArrayList<>();
    lines.start();
    log.addAppender(lines);
    try {
      change.make();
      TestingConditions.await(
          () -> lines.list,
          seen -> seen.stream().anyMatch(line -> line.getLevel().equals(Level.ERROR)));
    } finally {
      log.detachAppender(lines);
    }
  }

  private static void awaitShown(TestingListener listener, TestingCertificate expected) {
    TestingConditions.await(
        () -> shown(listener), certificate -> certificate.equals(expected.certificate()));
  }

  private static X509Certificate shown(TestingListener listener) throws Exception {
    try (var socket = connect(listener)) {
      return shown(socket);
    }
  }

  private static X509Certificate shown(SSLSocket socket) throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  private static SSLSocket connect(TestingListener listener) throws Exception {
    return connect(listener, new KeyManager[0]);
  }

  private static SSLSocket connect(TestingListener listener, TestingCertificate client)
      throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "client",
        client.keys().getPrivate(),
        new char[0],
        new X509Certificate[] {client.certificate()});
    var factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return connect(listener, factory.getKeyManagers());
  }

  private static SSLSocket connect(TestingListener listener, KeyManager[] keys)
      throws IOException, GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new Trusting()}, null);
    return (SSLSocket)
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), listener.port());
  }

  /** Takes any certificate; which one it is, tests look at themselves. */
  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

    @Override
    public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
