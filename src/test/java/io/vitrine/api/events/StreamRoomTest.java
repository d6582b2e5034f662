package io.vitrine.api.events;

import static io.vitrine.api.events.StreamRoom.Admission.TOO_MANY;
import static io.vitrine.api.events.StreamRoom.Admission.TOO_MANY_OF_CLIENT;
import static io.vitrine.api.events.StreamRoom.Admission.YES;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.config.ByteSize;
import io.vitrine.net.listener.LimitsConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamRoomTest {
  private static final ByteSize SIZE = new ByteSize(1024);
  private static final Duration TIME = Duration.ofSeconds(1);

  private final StreamRoom room =
      new StreamRoom(new LimitsConfig(TIME, TIME, SIZE, SIZE, SIZE, 16, 0, 0, 3, 2));

  @Test
  void limitsEachClientAndAllTogether() {
    assertThat(room.enter("a")).isEqualTo(YES);
    assertThat(room.enter("a")).isEqualTo(YES);
    assertThat(room.enter("a")).isEqualTo(TOO_MANY_OF_CLIENT);
    assertThat(room.enter("b")).isEqualTo(YES);
    assertThat(room.enter("b")).isEqualTo(TOO_MANY);

    room.leave("a");

    assertThat(room.enter("c")).isEqualTo(YES);
    assertThat(room.enter("a")).isEqualTo(TOO_MANY);
  }
}
