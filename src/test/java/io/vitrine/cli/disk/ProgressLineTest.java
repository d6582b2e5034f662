package io.vitrine.cli.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {
  private static final String BLANK = " ".repeat(ProgressBar.COLUMNS);

  private final StringWriter terminal = new StringWriter();

  @Test
  void isRewrittenAndThenCleared() throws Exception {
    var refreshed = new CountDownLatch(3);

    try (var _ =
        ProgressLine.show(
            new PrintWriter(terminal),
            () -> {
              refreshed.countDown();
              return "half";
            })) {
      assertThat(refreshed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(terminal.toString())
        .startsWith("\rhalf" + BLANK.substring(4) + "\rhalf")
        .endsWith("\r" + BLANK + "\r")
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void printsNothingMoreOnceClosed(int refreshes) throws Exception {
    var refreshed = new CountDownLatch(refreshes);
    var line =
        ProgressLine.show(
            new PrintWriter(terminal),
            () -> {
              refreshed.countDown();
              return "half";
            });
    assertThat(refreshed.await(10, TimeUnit.SECONDS)).isTrue();
    line.close();
    var printed = terminal.toString();

    assertThat(line.thread().join(Duration.ofSeconds(10))).isTrue();

    assertThat(terminal).hasToString(printed);
  }
}
