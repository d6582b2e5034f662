package io.vitrine.importer.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepMeterTest {
  private static final long MIB = 1L << 20;
  private static final long SECOND = 1_000_000_000L;

  private static String describe(long done, OptionalLong total) {
    return StepMeter.of(Step.Simple.COPYING, () -> done, total).describe();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, 'Copying: 0 of 10 MiB, 0 %'",
    "5, 10, 'Copying: 5 of 10 MiB, 50 %'",
    "10, 10, 'Copying: 10 of 10 MiB, 100 %'",
    "11, 10, 'Copying: 11 of 10 MiB, 100 %'",
    "1, 3, 'Copying: 1 of 3 MiB, 33 %'"
  })
  void tellsThePartOfTheWhole(long done, long total, String expected) {
    assertThat(describe(done * MIB, OptionalLong.of(total * MIB))).isEqualTo(expected);
  }

  @Test
  void tellsWhatIsDoneWhenTheWholeIsNotKnown() {
    assertThat(describe(7 * MIB + 1, OptionalLong.empty())).isEqualTo("Copying: 7 MiB");
    assertThat(describe(0, OptionalLong.of(0))).isEqualTo("Copying: 0 MiB");
  }

  @Test
  void tellsNoBytesOfAStepThatIsNotMeasured() {
    var meter = StepMeter.of(new Step.Conversion("qcow2", "raw"));

    assertThat(meter.describe()).isEqualTo("Converting from qcow2 to raw");
    assertThat(meter.step().key()).isEqualTo("converting from qcow2 to raw");
    assertThat(meter.doneBytes()).isZero();
    assertThat(meter.totalBytes()).isEmpty();
  }

  @Test
  void tellsTheStore() {
    var meter = StepMeter.of(Step.Simple.STORING, () -> MIB, OptionalLong.empty()).in("archive");

    assertThat(meter.describe()).isEqualTo("Storing in archive: 1 MiB");
  }

  @Test
  void measuresHowFastAStepIsAndWhenItEnds() {
    var done = new AtomicLong();
    var step =
        new StepReport(
            StepMeter.of(Step.Simple.STORING, done::get, OptionalLong.of(1000)).in("archive"), 0);

    done.set(100);
    long first = step.measure(SECOND);
    var early = step.toJson();
    done.set(300);
    long second = step.measure(2 * SECOND);

    assertThat(first).isEqualTo(100);
    assertThat(second).isEqualTo(200);
    assertThat(early.getString("step")).isEqualTo("storing");
    assertThat(early.getString("store")).isEqualTo("archive");
    assertThat(early.getString("status")).isEqualTo("running");
    assertThat(early.getLong("bytes")).isEqualTo(100);
    assertThat(early.getLong("total")).isEqualTo(1000);
    assertThat(early.getLong("percent")).isEqualTo(10);
    assertThat(early.getLong("rate")).isEqualTo(100);
    assertThat(early.getLong("eta")).isEqualTo(9);
    assertThat(step.toJson().getLong("rate")).isEqualTo(130);
    assertThat(step.toJson().getLong("eta")).isEqualTo(6);
  }

  @Test
  void tellsHowAStepEnded() {
    var done = new AtomicLong(500);
    var well =
        new StepReport(StepMeter.of(Step.Simple.HASHING, done::get, OptionalLong.empty()), 0);
    var badly =
        new StepReport(StepMeter.of(Step.Simple.STORING, done::get, OptionalLong.of(1000)), 0);

    well.end(StepReport.State.DONE, Optional.empty(), 5 * SECOND);
    badly.end(StepReport.State.FAILED, Optional.of("The disk is full."), 10 * SECOND);

    assertThat(well.toJson().getString("status")).isEqualTo("done");
    assertThat(well.toJson().getLong("percent")).isEqualTo(100);
    assertThat(well.toJson().getLong("rate")).isEqualTo(100);
    assertThat(well.toJson().getLong("eta")).isNull();
    assertThat(badly.toJson().getString("status")).isEqualTo("failed");
    assertThat(badly.toJson().getString("reason")).isEqualTo("The disk is full.");
    assertThat(badly.toJson().getLong("percent")).isEqualTo(50);
    assertThat(badly.toJson().getLong("seconds")).isEqualTo(10);
  }
}
