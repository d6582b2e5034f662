package io.vitrine.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.catalog.tasks.TaskSelection;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.TaskHead;
import io.vitrine.image.task.TaskLease;
import io.vitrine.image.task.Workload;
import io.vitrine.net.address.Url;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final ImportMethod STAGED = new ImportMethod.GlanceDirect(Optional.empty());
  private static final ImportMethod WEB =
      new ImportMethod.WebDownload(Url.parse("http://example.org/"), Optional.empty());

  private final Slots slots = new Slots(new SlotsConfig(2, 2, 1));
  private final List<UUID> stopped = new ArrayList<>();

  @Test
  void keepsRoomForProjectsThatHaveNone() {
    slots.enter(task(WEB, "a", false));
    assertThat(wanted(Workload.FETCH).orElseThrow().notOf()).isEmpty();
    slots.enter(task(WEB, "a", false));
    assertThat(wanted(Workload.FETCH).orElseThrow().notOf()).containsExactly("a");
    slots.enter(task(WEB, "b", false));
    assertThat(wanted(Workload.FETCH)).isEmpty();
  }

  @Test
  void fetchesBesideWorkThatComputes() {
    slots.enter(task(WEB, "a", false));
    slots.enter(task(WEB, "a", false));

    assertThat(wanted(Workload.COMPUTE).orElseThrow().notOf()).isEmpty();
    assertThat(wanted(Workload.COMPUTE).orElseThrow().workloads())
        .containsExactly(Workload.COMPUTE);
  }

  @Test
  void goesOnWithWhatWasFetchedWhereThereIsRoom() {
    var fetched = task(WEB, "a", false);
    slots.enter(fetched);
    assertThat(slots.goOn(fetched)).isTrue();
    assertThat(wanted(Workload.FETCH).orElseThrow().notThese()).containsExactly(fetched.id());

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
    assertThat(wanted(Workload.COMPUTE)).isEmpty();
    assertThat(wanted(Workload.FETCH)).isPresent();

    slots.leave(other);
    assertThat(alone.succeeded()).isTrue();
    assertThat(wanted(Workload.COMPUTE)).isEmpty();
    slots.leave(suspect);
    assertThat(wanted(Workload.COMPUTE)).isPresent();
    assertThat(slots.isEmpty()).isTrue();
  }

  @Test
  void letsEarlyWorkBeginWhereThereIsRoom() {
    slots.enter(task(STAGED, "a", false));
    var first = fetching();
    assertThat(slots.beginEarly(first, stop(first))).isTrue();
    assertThat(slots.beginEarly(first, stop(first))).isTrue();

    var second = fetching();
    assertThat(slots.beginEarly(second, stop(second))).isFalse();
    slots.leave(first);
    assertThat(slots.beginEarly(second, stop(second))).isTrue();
    assertThat(slots.beginEarly(task(WEB, "a", true), () -> {})).isFalse();
    assertThat(stopped).isEmpty();
  }

  @Test
  void stopsTheLatestEarlyWorkForThatWhichComputes() {
    var first = fetching();
    var second = fetching();
    slots.beginEarly(first, stop(first));
    slots.beginEarly(second, stop(second));
    assertThat(wanted(Workload.COMPUTE)).isPresent();

    slots.enter(task(STAGED, "a", false));

    assertThat(stopped).containsExactly(second.id());
    assertThat(slots.goOn(first)).isTrue();
    assertThat(slots.goOn(second)).isFalse();
    assertThat(stopped).containsExactly(second.id());
  }

  @Test
  void stopsAllEarlyWorkForASuspect() {
    var fetched = fetching();
    slots.beginEarly(fetched, stop(fetched));

    slots.enter(task(STAGED, "a", true));

    assertThat(stopped).containsExactly(fetched.id());
    assertThat(slots.beginEarly(fetched, stop(fetched))).isFalse();
  }

  private ImportTask fetching() {
    var task = task(WEB, "a", false);
    slots.enter(task);
    return task;
  }

  private Runnable stop(ImportTask task) {
    return () -> stopped.add(task.id());
  }

  private Optional<TaskSelection> wanted(Workload workload) {
    return slots.wanted(workload, Set.of(), Set.of());
  }

  private static ImportTask task(ImportMethod method, String project, boolean isSuspect) {
    var lease = new TaskLease(1, 0, isSuspect, Duration.ZERO, Duration.ZERO);
    var image = TestingImports.image();
    return new TestingImports(method)
        .head(new TaskHead(UUID.randomUUID(), image, project, 1, lease, Optional.empty()))
        .task();
  }
}
