package io.vitrine.api.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.testing.TestingConditions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerRoomTest {
  private static final long MAX = 100 * AnswerRoom.REQUEST_BYTES;

  private final AnswerRoom room = new AnswerRoom(MAX);
  private final List<String> cut = new ArrayList<>();

  private AnswerRoom.Hold take(String client) {
    return room.take(client).orElseThrow();
  }

  @Test
  void givesNoMoreThanThereIs() {
    for (int i = 0; i < 100; i++) {
      take("client " + i);
    }

    assertThat(room.take("another")).isEmpty();
  }

  @Test
  void givesNoClientAll() {
    for (int i = 0; i < 75; i++) {
      take("greedy");
    }

    assertThat(room.take("greedy")).isEmpty();
    assertThat(room.take("another")).isPresent();
  }

  @Test
  void leavesRoomForRequestsBesideAnswers() {
    take("a").resize(MAX / 2);
    var other = take("b");

    assertThat(other.resize(MAX / 4)).isTrue();
    assertThat(other.resize(MAX / 4 + 1)).isFalse();
    for (int i = 0; i < 25; i++) {
      take("c");
    }
    assertThat(room.take("c")).isEmpty();
  }

  @Test
  void takesBackWhatIsReleased() {
    var first = take("a");
    assertThat(first.resize(MAX / 2)).isTrue();
    assertThat(first.resize(MAX / 2 + 1)).isFalse();
    var second = take("b");
    assertThat(second.resize(MAX / 4 + 1)).isFalse();

    first.release();
    first.release();

    assertThat(second.resize(MAX / 2)).isTrue();
    assertThat(first.resize(1)).isFalse();
  }

  @Test
  void cutsWhatStandsStillForWhoWantsRoom() {
    var stalled = take("a");
    stalled.resize(MAX / 2);
    stalled.begin(() -> cut.add("stalled"));
    var moving = take("b");
    moving.begin(() -> cut.add("moving"));
    var wanting = take("c");

    TestingConditions.await(
        () -> {
          moving.progress();
          return wanting.resize(MAX / 2);
        },
        fits -> fits);

    assertThat(cut).containsExactly("stalled");
  }

  @Test
  void leavesWhatStandsStillWhileThereIsRoom() {
    take("a").begin(() -> cut.add("stalled"));

    room.cutStalled(Duration.ofHours(1));
    assertThat(cut).isEmpty();

    room.cutStalled(Duration.ZERO);
    assertThat(cut).containsExactly("stalled");
  }

  @Test
  void hasSmallerWindowsTheMoreIsUsed() {
    var large = new AnswerRoom(128L << 20);
    assertThat(large.window()).isEqualTo(1 << 20);

    large.take("a").orElseThrow().resize(64L << 20);

    assertThat(large.window()).isEqualTo(512 << 10);
    assertThat(room.window()).isEqualTo(256 << 10);
    assertThat(new AnswerRoom(1L << 40).window()).isEqualTo(4 << 20);
  }
}
