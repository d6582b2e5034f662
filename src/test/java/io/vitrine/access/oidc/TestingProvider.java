package io.vitrine.access.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.testing.TestingKeys;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An OpenID Connect provider with an RSA key, its documents on an HTTP server. */
public final class TestingProvider implements AutoCloseable {
  /** What the claims are for. */
  public static final String AUDIENCE = "images";

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger fetches = new AtomicInteger();
  private final Map<String, Handler<HttpServerRequest>> endpoints = new ConcurrentHashMap<>();
  private final Map<String, String> keysOfEndpoints = new ConcurrentHashMap<>();
  private volatile KeyPair pair = TestingKeys.rsa();
  private volatile String keyName = "first";
  private volatile @Nullable HttpServer server;
  private volatile int port;

  /** Starts one on a free port of this machine. */
  public static TestingProvider start() throws TimeoutException {
    var provider = new TestingProvider();
    provider.resume();
    return provider;
  }

  /** Listens, on the same port as before. */
  public void resume() throws TimeoutException {
    var started =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port))
            .requestHandler(
                request -> {
                  var path = String.valueOf(request.path());
                  var endpoint = endpoints.get(path.substring(path.lastIndexOf('/') + 1));
                  if (endpoint != null) {
                    endpoint.handle(request);
                    return;
                  }
                  fetches.incrementAndGet();
                  request.response().end((path.endsWith("/keys") ? keys() : discovery()).encode());
                })
            .listen()
            .await(10, TimeUnit.SECONDS);
    port = started.actualPort();
    server = started;
  }

  /** Listens no more. */
  public void stop() throws TimeoutException {
    var running = server;
    if (running != null) {
      running.close().await(10, TimeUnit.SECONDS);
    }
  }

  /** Its URL, by which its tokens name it. */
  public String issuer() {
    return "http://127.0.0.1:" + port + "/realms/cloud";
  }

  /** Adds an endpoint, which the discovery document names by the key. */
  public void add(String key, String name, Handler<HttpServerRequest> handler) {
    endpoints.put(name, handler);
    keysOfEndpoints.put(key, name);
  }

  /** How often a document was asked for. */
  int fetches() {
    return fetches.get();
  }

  /** Signs with another key from now on. */
  void rotate(String name) {
    pair = TestingKeys.rsa();
    keyName = name;
  }

  /** Claims that are in order: user "ann", project "a", roles "Member" and "reader". */
  public JsonObject claims() {
    var now = Instant.now();
    return new JsonObject()
        .put("iss", issuer())
        .put("aud", new JsonArray().add("other").add(AUDIENCE))
        .put("sub", "ann")
        .put("project_id", "a")
        .put("iat", now.getEpochSecond())
        .put("exp", now.plus(Duration.ofMinutes(5)).getEpochSecond())
        .put(
            "realm_access",
            new JsonObject().put("roles", new JsonArray().add("Member").add("reader")));
  }

  /** A token with claims, signed by the current key. */
  public String sign(JsonObject claims) {
    return sign(new JsonObject().put("alg", "RS256").put("kid", keyName), claims);
  }

  /** A token with a header of its own. */
  String sign(JsonObject header, JsonObject claims) {
    var text = part(header.encode().getBytes(UTF_8)) + "." + part(claims.encode().getBytes(UTF_8));
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(pair.getPrivate());
      signature.update(text.getBytes(UTF_8));
      return text + "." + part(signature.sign());
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private JsonObject discovery() {
    var document = new JsonObject().put("issuer", issuer()).put("jwks_uri", issuer() + "/keys");
    keysOfEndpoints.forEach((key, name) -> document.put(key, issuer() + "/" + name));
    return document;
  }

  private JsonObject keys() {
    var key = (RSAPublicKey) pair.getPublic();
    var described =
        new JsonObject()
            .put("kty", "RSA")
            .put("use", "sig")
            .put("alg", "RS256")
            .put("kid", keyName)
            .put("n", part(unsigned(key.getModulus())))
            .put("e", part(unsigned(key.getPublicExponent())));
    return new JsonObject().put("keys", new JsonArray().add(described));
  }

  private static byte[] unsigned(BigInteger number) {
    var bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  private static String part(byte[] bytes) {
    return BASE64.encodeToString(bytes);
  }

  @Override
  public void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }
}
