package io.vitrine.image.edit;

import static io.vitrine.image.TestingImages.LATER;
import static io.vitrine.image.TestingImages.LIMITS;
import static io.vitrine.image.TestingImages.MEMBER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.image.Image;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.TestingImages;
import io.vitrine.image.edit.ImagePatch.Change;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ImagePatchTest {
  private final Image active = TestingImages.image(ImageStatus.ACTIVE);

  @Test
  void appliesChangesInTheirOrder() {
    var image =
        apply(
            new Change.Replace("name", "first"),
            new Change.Add("name", "second"),
            new Change.Add("distro", "debian"),
            new Change.Replace("distro", "alpine"),
            new Change.Remove("os_type"),
            new Change.Add("os_type", "again"));

    assertThat(image.name()).isEqualTo("second");
    assertThat(image.properties()).isEqualTo(Map.of("distro", "alpine", "os_type", "again"));
    assertThat(image.updatedAt()).isEqualTo(LATER);
  }

  @Test
  void doesNothingWithoutChanges() {
    assertThat(apply())
        .usingRecursiveComparison()
        .ignoringFields("state.updatedAt")
        .isEqualTo(active);
  }

  @Test
  void addReplacesWhatIsThere() {
    assertThat(apply(new Change.Add("os_type", "bsd")).properties())
        .isEqualTo(Map.of("os_type", "bsd"));
  }

  @Test
  void addNewSetsWhatIsNotThere() {
    assertThat(apply(new Change.AddNew("distro", "debian")).properties())
        .containsEntry("distro", "debian");
  }

  @Test
  void leavesTheOriginalAlone() {
    var before = active.properties();

    apply(new Change.Add("distro", "debian"), new Change.Remove("os_type"));

    assertThat(active.properties()).isEqualTo(before).containsOnlyKeys("os_type");
  }

  static Stream<Arguments> refusedChanges() {
    return Stream.of(
        arguments(new Change.Replace("absent", "x"), Problem.Conflict.class),
        arguments(new Change.Replace("absent", null), Problem.Conflict.class),
        arguments(new Change.Replace("absent", 7), Problem.Invalid.class),
        arguments(new Change.Remove("absent"), Problem.Conflict.class),
        arguments(new Change.AddNew("os_type", "x"), Problem.Conflict.class),
        arguments(new Change.AddNew("name", "x"), Problem.Conflict.class),
        arguments(new Change.AddNew("name", 7), Problem.Invalid.class),
        arguments(new Change.AddNew("status", "active"), Problem.Forbidden.class),
        arguments(new Change.Remove("name"), Problem.Forbidden.class),
        arguments(new Change.Remove("tags"), Problem.Forbidden.class),
        arguments(new Change.Replace("status", "active"), Problem.Forbidden.class),
        arguments(new Change.Add("id", "x"), Problem.Forbidden.class),
        arguments(new Change.Remove("checksum"), Problem.Forbidden.class),
        arguments(new Change.Add("locations", List.of()), Problem.Forbidden.class),
        arguments(new Change.Replace("os_glance_x", "x"), Problem.Forbidden.class),
        arguments(new Change.Replace("disk_format", "qcow2"), Problem.Forbidden.class),
        arguments(new Change.Replace("owner", "project-b"), Problem.Forbidden.class),
        arguments(new Change.Add("owner", "project-b"), Problem.Forbidden.class),
        arguments(new Change.Replace("min_disk", -1), Problem.Invalid.class),
        arguments(new Change.Replace("tags", List.of("1", "2", "3", "4")), Problem.TooLarge.class));
  }

  @ParameterizedTest
  @MethodSource("refusedChanges")
  void refusesTheWholeForOneChange(Change change, Class<? extends Problem> problem) {
    var failure =
        catchThrowableOfType(
            ProblemException.class, () -> apply(new Change.Replace("name", "new"), change));

    assertThat(failure.problem()).isInstanceOf(problem);
  }

  private Image apply(Change... changes) {
    return new ImagePatch(List.of(changes)).applyTo(ImageEdit.of(active, MEMBER, LIMITS), LATER);
  }
}
