package io.vitrine.app.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.launch.TrainingRun;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the process that makes a cache relies on. */
class TrainingTest {
  @Test
  void isTheProgramThatIsRun() {
    assertThat(TrainingRun.PROGRAM).isEqualTo(Training.class.getName());
  }

  @Test
  void readsThePortFromWhatIsPrinted() throws Exception {
    var banner = new BannerReader();

    banner.printer().println("The Image API is at http://127.0.0.1:4711 now");

    assertThat(banner.awaitPort(Duration.ofSeconds(60))).isEqualTo(4711);
  }

  @Test
  void noticesThatTheServerEndsWithoutServing() {
    var banner = new BannerReader();

    banner.printer().println("It does not start.");
    banner.end();

    assertThatThrownBy(() -> banner.awaitPort(Duration.ofSeconds(60)))
        .isInstanceOf(IOException.class);
  }
}
