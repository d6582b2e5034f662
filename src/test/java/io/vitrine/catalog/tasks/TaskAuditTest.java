package io.vitrine.catalog.tasks;

import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.STORE;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.audit.AuditQuery;
import io.vitrine.catalog.audit.AuditRecord;
import io.vitrine.catalog.audit.AuditRecords;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.image.ImageAccess;
import io.vitrine.image.ImageId;
import io.vitrine.net.address.Url;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the audit trail has of imports and checked locations. */
class TaskAuditTest extends TestingTasks {
  private final AuditRecords records;

  TaskAuditTest(Pool pool) {
    super(pool);
    records = new AuditRecords(pool);
  }

  /** The records of an image, the oldest first. */
  private List<AuditRecord> trail(ImageId id) throws Exception {
    return result(records.find(AuditQuery.of(id, Optional.empty(), 100))).reversed();
  }

  private static List<String> actions(List<AuditRecord> trail) {
    return trail.stream().map(each -> each.action() + " " + each.outcome()).toList();
  }

  private void assertOfTask(ImageId id, AuditRecord end) throws Exception {
    assertThat(end.via()).isEqualTo("worker");
    assertThat(end.user()).isEqualTo(ALICE.user());
    assertThat(end.project()).isEqualTo(ALICE.project());
    assertThat(end.requestId()).isEqualTo("req-1");
    assertThat(end.details()).containsEntry("task", task(id).id().toString());
  }

  @Test
  void recordsAnImportFromItsBeginningToItsEnd() throws Exception {
    var id = submit();
    var task = lease(one);
    result(one.checkpoints().stored(task, outcome(blob(one, task))));
    result(one.end().succeed(task, "done"));

    var trail = trail(id);
    assertThat(actions(trail)).containsExactly("import begun", "import done");
    assertThat(trail.getFirst().details())
        .containsEntry("method", "web-download")
        .containsEntry("stores", List.of(STORE));
    assertThat(trail.toString()).doesNotContain("example.org");
    assertOfTask(id, trail.getLast());
  }

  @Test
  void recordsAnImportThatFails() throws Exception {
    var id = submit();

    result(one.end().fail(lease(one), "no such host secret.example.org"));

    var trail = trail(id);
    assertThat(actions(trail)).containsExactly("import begun", "import failed");
    assertThat(trail.toString()).doesNotContain("example.org");
    assertOfTask(id, trail.getLast());
  }

  @Test
  void recordsALocationThatIsChecked() throws Exception {
    var id = result(catalog.create(image())).id();
    var claim =
        new LocationRequests.Claim(
            Url.parse("http://example.org/secret"), Optional.empty(), "web", "node");
    var access = new ImageAccess(id, ALICE, PERMITTED);
    var origin = new TaskOrigin("req-1", Optional.empty());
    result(new LocationRequests(pool, Outbox.OFF).submit(access, given -> claim, origin));
    var task = result(one.queue().lease(TaskSelection.but(Set.of()))).orElseThrow();

    result(one.end().fail(task, "wrong hash"));

    var trail = trail(id);
    assertThat(actions(trail)).containsExactly("location_add begun", "location_add failed");
    assertThat(trail.getFirst().details()).containsEntry("store", "web");
    assertThat(trail.toString()).doesNotContain("secret");
    assertOfTask(id, trail.getLast());
  }
}
