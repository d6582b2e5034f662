package io.vitrine.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.config.ByteSize;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PartPlanTest {
  private static final long MIB = 1 << 20;
  private static final long TIB = 1L << 40;
  private static final S3Config.Parts PARTS =
      new S3Config.Parts(ByteSize.of("8MiB"), ByteSize.of("128MiB"), 4);

  private static PartPlan unknown(S3Config.Parts parts) {
    return new PartPlan(parts, TIB, OptionalLong.empty());
  }

  private static PartPlan known(long size) {
    return new PartPlan(PARTS, TIB, OptionalLong.of(size));
  }

  private static long sum(PartPlan plan, int parts) {
    long sum = 0;
    for (int part = 0; part < parts; part++) {
      sum += plan.next();
    }
    return sum;
  }

  @Test
  void carriesTheLargestBlobWithoutKnowingItsSize() {
    assertThat(sum(unknown(PARTS), PartPlan.MAX_PARTS)).isGreaterThanOrEqualTo(TIB);
  }

  @Test
  void keepsPartsSmallWhileABlobMayBeSmall() {
    assertThat(sum(unknown(PARTS), 1000)).isEqualTo(1000 * 8 * MIB);
  }

  @Test
  void neverNeedsMoreThanTheMemory() {
    var little = new S3Config.Parts(ByteSize.of("8MiB"), ByteSize.of("20MiB"), 4);
    var plan = unknown(little);
    sum(plan, 5000);

    assertThat(plan.next()).isEqualTo(20 * MIB);
  }

  @Test
  void refusesOnePartTooMany() {
    var plan = unknown(PARTS);
    sum(plan, PartPlan.MAX_PARTS);

    assertThatThrownBy(plan::next)
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> assertThat(failure.problem()).isInstanceOf(Problem.TooLarge.class));
  }

  @Test
  void sharesAKnownSizeEvenly() {
    assertThat(known(TIB).next()).isEqualTo(105 * MIB);
    assertThat(known(100 * MIB).next()).isEqualTo(8 * MIB);
    assertThat(sum(known(TIB), PartPlan.MAX_PARTS)).isGreaterThanOrEqualTo(TIB);
  }

  @Test
  void takesNoMoreMemoryThanABlobNeeds() {
    var plan = known(8 * MIB + 5);

    assertThat(plan.next()).isEqualTo(8 * MIB);
    assertThat(plan.next()).isEqualTo(5);
    assertThat(known(0).next()).isEqualTo(1);
  }

  /**
   * A process that was taken for dead may still send parts; they have the bytes of the new ones.
   */
  @Test
  void cutsTheSamePartsInAnotherProcess() {
    long size = 90_001 * MIB;
    var first = known(size);
    long bytes = sum(first, 77);

    var second = known(size).behind(77, bytes);

    assertThat(second.next()).isEqualTo(first.next());
  }

  @Test
  void enlargesThePartsOfABlobThatTurnsOutToBeLarge() {
    long before = sum(unknown(PARTS), 900);
    var plan = known(TIB).behind(900, before);

    assertThat(before + sum(plan, PartPlan.MAX_PARTS - 900)).isGreaterThanOrEqualTo(TIB);
  }
}
