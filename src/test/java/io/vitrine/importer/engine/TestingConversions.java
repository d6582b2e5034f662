package io.vitrine.importer.engine;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.time.Duration;

/** What tests of conversions share. */
public final class TestingConversions {
  private TestingConversions() {}

  /** Why the conversion fails. */
  public static Problem problem(Conversion conversion) {
    var failure =
        catchThrowableOfType(ProblemException.class, () -> conversion.done().await(30, SECONDS));
    return failure.problem();
  }

  /** The same limits, but for a second of time. */
  public static ConversionLimits withTimeLimit(ConversionLimits limits) {
    return new ConversionLimits(
        limits.memoryLimit(), limits.cpuLimit(), Duration.ofSeconds(1), limits.outputLimit());
  }
}
