package io.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.problem.Problem;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImageStatusTest {
  /** As in Glance; deactivated images may also wait for their deletion. */
  @ParameterizedTest
  @CsvSource({
    "queued, saving uploading importing active deleted",
    "saving, queued active deleted",
    "uploading, queued importing deleted",
    "importing, queued active deleted",
    "active, deactivated pending_delete deleted",
    "deactivated, active pending_delete deleted",
    "killed, deleted",
    "pending_delete, active deleted",
    "deleted, ''"
  })
  void leadsOnlyTo(String from, String successors) {
    var reachable =
        Arrays.stream(ImageStatus.values())
            .filter(ImageStatus.of(from)::canBecome)
            .map(ImageStatus::text);

    assertThat(reachable)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(successors.split(" ")).filter(text -> !text.isEmpty()).toList());
  }

  @ParameterizedTest
  @EnumSource
  void hasTheNameOfTheApi(ImageStatus status) {
    assertThat(status.text()).isEqualTo(status.name().toLowerCase(Locale.ROOT));
    assertThat(ImageStatus.of(status.text())).isEqualTo(status);
  }

  @Test
  void saysWhatIsNotAllowed() {
    var problem = TestingImages.image(ImageStatus.ACTIVE).cannotBecome(ImageStatus.SAVING);

    assertThat(problem)
        .isEqualTo(
            new Problem.Conflict("Image status transition from active to saving is not allowed"));
  }
}
