package io.vitrine.access.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.edit.ImageEdit;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.net.address.Url;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class EncryptionKeysTest {
  private static final String KEY = "0a1b2c3d-0000-4000-8000-000000000001";

  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final Vertx vertx;
  private final HttpServer server;
  private volatile int status = 204;
  private volatile String body = "";

  EncryptionKeysTest(Vertx vertx) {
    this.vertx = vertx;
    this.server = vertx.createHttpServer().requestHandler(this::answer);
  }

  @BeforeEach
  void listen() throws Exception {
    server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
  }

  private void answer(HttpServerRequest request) {
    asked.add(
        "%s %s %s".formatted(request.method(), request.path(), request.getHeader("X-Auth-Token")));
    if (status > 0) {
      request.response().setStatusCode(status).end(body);
    }
  }

  @Test
  void deletesAKeyWithTheRightsOfWhoDeletesTheImage() throws Exception {
    boolean isDeleted = delete(KEY, "on_image_deletion");

    assertThat(isDeleted).isTrue();
    assertThat(asked)
        .containsExactly(
            "DELETE /v1/secrets/" + KEY + "/consumers gAAA", "DELETE /v1/secrets/" + KEY + " gAAA");
  }

  @ParameterizedTest
  @CsvSource({",on_image_deletion", "../orders,on_image_deletion", "'',on_image_deletion"})
  void leavesOtherKeysAlone(@Nullable String key, @Nullable String policy) throws Exception {
    boolean isDeleted = delete(key, policy);

    assertThat(isDeleted).isFalse();
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 200})
  void takesTheKeyManagersNo(int answered) throws Exception {
    status = answered;

    assertThat(delete(KEY, "on_image_deletion")).isFalse();
    assertThat(asked).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 0})
  void asksThreeTimesWhileTheKeyManagerIsNotWell(int answered) throws Exception {
    status = answered;

    assertThat(delete(KEY, "on_image_deletion")).isFalse();
    assertThat(asked).hasSize(6);
  }

  @Test
  void doesNothingWithoutAKeyManager() throws Exception {
    var keys = new EncryptionKeys(Optional.empty());

    var deleted = keys.delete(image(KEY, "on_image_deletion"), Optional.of("gAAA"));

    assertThat(deleted.await(10, TimeUnit.SECONDS)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"do_not_delete", "False"})
  void onlyLeavesAKeyThatIsKept(String policy) throws Exception {
    assertThat(delete(KEY, policy)).isFalse();
    assertThat(asked).containsExactly("DELETE /v1/secrets/" + KEY + "/consumers gAAA");
  }

  @Test
  void keepsAKeyThatOthersNeed() throws Exception {
    status = 200;
    body = "{\"consumers\": [{\"service\": \"volume\"}]}";

    assertThat(delete(KEY, "on_image_deletion")).isFalse();
    assertThat(asked).containsExactly("DELETE /v1/secrets/" + KEY + "/consumers gAAA");
  }

  @ParameterizedTest
  @CsvSource({
    "os_encrypt_key_id,os_encrypt_key_deletion_policy,True",
    "os_encrypt_key_id,os_encrypt_key_deletion_policy,on_image_deletion",
    "cinder_encryption_key_id,os_encrypt_key_deletion_policy,true"
  })
  void knowsTheKeyByItsNamesOfBothKinds(String id, String policy, String value) throws Exception {
    var image = edit().set(id, KEY).set(policy, value).toImage(Instant.EPOCH);

    assertThat(keys().delete(image, Optional.of("gAAA")).await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(asked).contains("DELETE /v1/secrets/" + KEY + " gAAA");
  }

  @ParameterizedTest
  @CsvSource({"200,true,1", "404,false,1", "0,false,3"})
  void claimsTheKeyOfAnImage(int answered, boolean isTold, int times) throws Exception {
    status = answered;

    var told = keys().claim(image(KEY, null), Optional.of("gAAA"));

    assertThat(told.await(10, TimeUnit.SECONDS)).isEqualTo(isTold);
    assertThat(asked)
        .containsExactlyElementsOf(
            Collections.nCopies(times, "POST /v1/secrets/" + KEY + "/consumers gAAA"));
  }

  private boolean delete(@Nullable String key, @Nullable String policy) throws Exception {
    return keys().delete(image(key, policy), Optional.of("gAAA")).await(10, TimeUnit.SECONDS);
  }

  private EncryptionKeys keys() {
    var endpoint = Url.parse("http://127.0.0.1:%d/".formatted(server.actualPort()));
    return new EncryptionKeys(
        Optional.of(new Barbican(vertx, endpoint, Duration.ofMillis(500), Duration.ofMillis(1))));
  }

  private static ImageEdit edit() {
    var limits = new ImageLimits(List.of(), List.of(), -1, -1);
    return ImageEdit.create(
        new Caller("ann", "project-a", Set.of("member")), limits, Instant.EPOCH);
  }

  private static Image image(@Nullable String key, @Nullable String policy) {
    return edit()
        .set("cinder_encryption_key_id", key)
        .set("cinder_encryption_key_deletion_policy", policy)
        .toImage(Instant.EPOCH);
  }
}
