package io.vitrine.access.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.address.Url;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server that answers as the Key Manager API says. */
@ExtendWith(VertxExtension.class)
class BarbicanCertificatesTest {
  private static final String TOKEN = "gAAA";

  private record Secret(String type, Buffer payload) {}

  private final Map<String, Secret> secrets = new ConcurrentHashMap<>();
  private final HttpServer server;
  private final Vertx vertx;
  private volatile int failing;

  BarbicanCertificatesTest(Vertx vertx) {
    this.vertx = vertx;
    this.server = vertx.createHttpServer().requestHandler(this::answer);
  }

  @BeforeEach
  void listen() throws Exception {
    server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
  }

  private void answer(HttpServerRequest request) {
    var parts = request.uri().split("/", -1);
    var secret = secrets.get(parts[3]);
    boolean isPayload = parts.length == 5 && parts[4].equals("payload");
    var accept = request.getHeader("Accept");
    var response = request.response();
    if (failing == 1) {
      return;
    } else if (failing > 0) {
      response.setStatusCode(failing).end();
    } else if (!TOKEN.equals(request.getHeader("X-Auth-Token"))) {
      response.setStatusCode(401).end();
    } else if (secret == null) {
      response.setStatusCode(404).end();
    } else if (isPayload && secret.type().equals(accept)) {
      response.end(secret.payload());
    } else if (!isPayload && "application/json".equals(accept)) {
      var types = new JsonObject().put("default", secret.type());
      response.end(new JsonObject().put("content_types", types).encode());
    } else {
      response.setStatusCode(406).end();
    }
  }

  private X509Certificate get(UUID id, String token) throws Exception {
    var endpoint = Url.parse("http://127.0.0.1:%d/".formatted(server.actualPort()));
    return new BarbicanCertificates(new Barbican(vertx, endpoint, Duration.ofMillis(500)))
        .get(id, Optional.of(token))
        .await(10, TimeUnit.SECONDS);
  }

  private void assertProblem(UUID id, String token, Class<? extends Problem> kind) {
    assertThatThrownBy(() -> get(id, token))
        .isInstanceOfSatisfying(
            ProblemException.class, failure -> assertThat(failure.problem()).isInstanceOf(kind));
  }

  private TestingSigner store(String type) throws Exception {
    var signer = TestingSigner.of("RSA-PSS");
    secrets.put(
        signer.id().toString(), new Secret(type, Buffer.buffer(signer.certificate().getEncoded())));
    return signer;
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/pkix-cert", "application/octet-stream"})
  void readsBinaryCertificates(String type) throws Exception {
    var signer = store(type);

    assertThat(get(signer.id(), TOKEN).getPublicKey().getEncoded())
        .isEqualTo(signer.certificate().getPublicKey().getEncoded());
  }

  @Test
  void readsTextCertificates() throws Exception {
    var signer = TestingSigner.of("ECC_SECT409K1");
    var text = TestingSigner.pem(signer.certificate()).getBytes(StandardCharsets.UTF_8);
    secrets.put(signer.id().toString(), new Secret("text/plain", Buffer.buffer(text)));

    assertThat(get(signer.id(), TOKEN).getPublicKey().getEncoded())
        .isEqualTo(signer.certificate().getPublicKey().getEncoded());
  }

  @Test
  void refusesWhatTheCallerMayNotRead() throws Exception {
    var signer = store("application/pkix-cert");

    assertProblem(UUID.randomUUID(), TOKEN, Problem.Invalid.class);
    assertProblem(signer.id(), "other", Problem.Invalid.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1000, Certificates.MAX_BYTES + 1, 10 << 20})
  void refusesWhatIsNoCertificate(int size) throws Exception {
    var id = UUID.randomUUID();
    secrets.put(
        id.toString(), new Secret("application/octet-stream", Buffer.buffer(new byte[size])));

    assertProblem(id, TOKEN, Problem.Invalid.class);
  }

  @Test
  void refusesSecretsThatAreOfAnotherKind() throws Exception {
    var signer = store("application/pkcs8");

    assertProblem(signer.id(), TOKEN, Problem.Invalid.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 302, 1})
  void isUnavailableWhenTheKeyManagerIs(int status) throws Exception {
    var signer = store("application/pkix-cert");

    failing = status;

    assertProblem(signer.id(), TOKEN, Problem.Unavailable.class);
  }

  @Test
  void isUnavailableWhenNobodyListens() throws Exception {
    var signer = store("application/pkix-cert");
    int port = server.actualPort();
    server.close().await(10, TimeUnit.SECONDS);

    var nobody =
        new BarbicanCertificates(
            new Barbican(vertx, Url.parse("http://127.0.0.1:" + port), Duration.ofMillis(500)));

    assertThatThrownBy(
            () -> nobody.get(signer.id(), Optional.of(TOKEN)).await(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> assertThat(failure.problem()).isInstanceOf(Problem.Unavailable.class));
  }
}
