package io.vitrine.catalog.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.image.task.RegionAccess;
import io.vitrine.net.address.Url;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TokenCipherTest {
  private static final String SECRET = "thirty-two characters or more, yes";
  private static final RegionAccess ACCESS =
      new RegionAccess(Url.parse("http://north"), "ann's token");
  private static final UUID TASK = UUID.randomUUID();

  @Test
  void opensWhatAnotherProcessSealedWithTheSameSecret() {
    var kept = TokenCipher.of(SECRET).encrypt(TASK, ACCESS);

    assertThat(TokenCipher.of(SECRET).decrypt(TASK, kept)).contains(ACCESS);
  }

  @Test
  void opensNothingThatOthersSealed() {
    var kept = TokenCipher.of(SECRET).encrypt(TASK, ACCESS);

    assertThat(TokenCipher.of(SECRET + "!").decrypt(TASK, kept)).isEmpty();
    assertThat(TokenCipher.ofThisProcess().decrypt(TASK, kept)).isEmpty();
  }

  @Test
  void opensNothingForAnotherTask() {
    var cipher = TokenCipher.ofThisProcess();

    assertThat(cipher.decrypt(UUID.randomUUID(), cipher.encrypt(TASK, ACCESS))).isEmpty();
  }

  @Test
  void opensNothingThatWasChanged() {
    var cipher = TokenCipher.ofThisProcess();
    var kept = Base64.getDecoder().decode(cipher.encrypt(TASK, ACCESS).getString("sealed"));
    kept[20] ^= 1;
    var changed = Base64.getEncoder().encodeToString(kept);

    assertThat(cipher.decrypt(TASK, new JsonObject().put("sealed", changed))).isEmpty();
    assertThat(cipher.decrypt(TASK, new JsonObject().put("sealed", "short"))).isEmpty();
    assertThat(cipher.decrypt(TASK, new JsonObject().put("token", "of an older version")))
        .isEmpty();
    assertThat(cipher.decrypt(TASK, null)).isEmpty();
  }

  @Test
  void sealsTheSameTwiceInDifferentWays() {
    var cipher = TokenCipher.of(SECRET);

    assertThat(cipher.encrypt(TASK, ACCESS)).isNotEqualTo(cipher.encrypt(TASK, ACCESS));
    assertThat(cipher.encrypt(TASK, ACCESS).encode()).doesNotContain("ann", "north");
  }
}
