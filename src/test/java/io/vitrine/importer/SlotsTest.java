package io.vitrine.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.catalog.tasks.Wanted;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Visibility;
import io.vitrine.image.task.ImportLease;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.ImportTask.Stage;
import io.vitrine.net.address.Url;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final ImportMethod STAGED = new ImportMethod.GlanceDirect(Optional.empty());
  private static final ImportMethod WEB =
      new ImportMethod.WebDownload(Url.parse("http://example.org/"), Optional.empty());

  private final Slots slots = new Slots(Map.of(Stage.FETCH, 2, Stage.WORK, 2), 1);

  @Test
  void keepsRoomForProjectsThatHaveNone() {
    slots.enter(task(WEB, "a", false));
    assertThat(wanted(Stage.FETCH).orElseThrow().notOf()).isEmpty();
    slots.enter(task(WEB, "a", false));
    assertThat(wanted(Stage.FETCH).orElseThrow().notOf()).containsExactly("a");
    slots.enter(task(WEB, "b", false));
    assertThat(wanted(Stage.FETCH)).isEmpty();
  }

  @Test
  void fetchesBesideWorkThatComputes() {
    slots.enter(task(WEB, "a", false));
    slots.enter(task(WEB, "a", false));

    assertThat(wanted(Stage.WORK).orElseThrow().notOf()).isEmpty();
    assertThat(wanted(Stage.WORK).orElseThrow().stages()).containsExactly(Stage.WORK);
  }

  @Test
  void goesOnWithWhatWasFetchedWhereThereIsRoom() {
    var fetched = task(WEB, "a", false);
    slots.enter(fetched);
    assertThat(slots.goOn(fetched)).isTrue();
    assertThat(wanted(Stage.FETCH).orElseThrow().notThese()).containsExactly(fetched.id());

    slots.enter(task(STAGED, "a", false));
    var late = task(WEB, "a", false);
    slots.enter(late);
    assertThat(slots.goOn(late)).isFalse();
  }

  @Test
  void worksAloneOnASuspect() {
    var other = task(STAGED, "a", false);
    var suspect = task(STAGED, "a", true);
    slots.enter(other);
    slots.enter(suspect);

    var alone = slots.alone(suspect);
    assertThat(alone.isComplete()).isFalse();
    assertThat(wanted(Stage.WORK)).isEmpty();
    assertThat(wanted(Stage.FETCH)).isPresent();

    slots.leave(other);
    assertThat(alone.succeeded()).isTrue();
    assertThat(wanted(Stage.WORK)).isEmpty();
    slots.leave(suspect);
    assertThat(wanted(Stage.WORK)).isPresent();
    assertThat(slots.isEmpty()).isTrue();
  }

  private Optional<Wanted> wanted(Stage stage) {
    return slots.wanted(stage, Set.of(), Set.of());
  }

  private static ImportTask task(ImportMethod method, String project, boolean isSuspect) {
    return new ImportTask(
        UUID.randomUUID(),
        image(),
        method,
        List.of(),
        List.of(),
        true,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Set.of(),
        Set.of(),
        1,
        project,
        new ImportLease(1, 0, isSuspect, Duration.ZERO, Duration.ZERO),
        Optional.empty());
  }

  private static Image image() {
    return new Image(
        new ImageId(UUID.randomUUID()),
        "image",
        ImageStatus.IMPORTING,
        Visibility.PRIVATE,
        false,
        false,
        "a",
        "raw",
        "bare",
        0,
        0,
        null,
        null,
        null,
        null,
        new TreeSet<>(),
        Map.of(),
        List.of(),
        Instant.EPOCH,
        Instant.EPOCH);
  }
}
