package io.vitrine.catalog.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.image.task.RegionAccess;
import io.vitrine.net.address.Url;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AccessSealTest {
  private static final String SECRET = "thirty-two characters or more, yes";
  private static final RegionAccess ACCESS =
      new RegionAccess(Url.parse("http://north"), "ann's token");
  private static final UUID TASK = UUID.randomUUID();

  @Test
  void opensWhatAnotherProcessSealedWithTheSameSecret() {
    var kept = AccessSeal.of(SECRET).seal(TASK, ACCESS);

    assertThat(AccessSeal.of(SECRET).open(TASK, kept)).contains(ACCESS);
  }

  @Test
  void opensNothingThatOthersSealed() {
    var kept = AccessSeal.of(SECRET).seal(TASK, ACCESS);

    assertThat(AccessSeal.of(SECRET + "!").open(TASK, kept)).isEmpty();
    assertThat(AccessSeal.ofThisProcess().open(TASK, kept)).isEmpty();
  }

  @Test
  void opensNothingForAnotherTask() {
    var seal = AccessSeal.ofThisProcess();

    assertThat(seal.open(UUID.randomUUID(), seal.seal(TASK, ACCESS))).isEmpty();
  }

  @Test
  void opensNothingThatWasChanged() {
    var seal = AccessSeal.ofThisProcess();
    var kept = Base64.getDecoder().decode(seal.seal(TASK, ACCESS).getString("sealed"));
    kept[20] ^= 1;
    var changed = Base64.getEncoder().encodeToString(kept);

    assertThat(seal.open(TASK, new JsonObject().put("sealed", changed))).isEmpty();
    assertThat(seal.open(TASK, new JsonObject().put("sealed", "short"))).isEmpty();
    assertThat(seal.open(TASK, new JsonObject().put("token", "of an older version"))).isEmpty();
    assertThat(seal.open(TASK, null)).isEmpty();
  }

  @Test
  void sealsTheSameTwiceInDifferentWays() {
    var seal = AccessSeal.of(SECRET);

    assertThat(seal.seal(TASK, ACCESS)).isNotEqualTo(seal.seal(TASK, ACCESS));
    assertThat(seal.seal(TASK, ACCESS).encode()).doesNotContain("ann", "north");
  }
}
