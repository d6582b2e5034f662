package io.vitrine.catalog.tasks;

import static io.vitrine.catalog.TestingCatalog.ADMIN;
import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.TestingCatalog;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tasks as clients of the older API see them. */
@ExtendWith(TestingCatalog.class)
class TaskCatalogTest extends TestingTasks {
  private final TaskCatalog tasks;

  TaskCatalogTest(Pool pool) {
    super(pool);
    this.tasks = new TaskCatalog(pool, Duration.ofHours(1));
  }

  @Test
  void showsANewTaskAsPendingWhateverAWorkerHasDone() throws Exception {
    var id = submit();
    var task = lease(one).id();
    var input = JsonObject.of("import_from", "http://example.org/image");

    var made = result(tasks.describe(task, input));

    assertThat(made.status()).isEqualTo("pending");
    assertThat(made.updatedAt()).isEqualTo(made.createdAt());
    assertThat(made.input()).isEqualTo(input.getMap());
    assertThat(result(tasks.get(task, ADMIN)).status()).isEqualTo("processing");
    assertThat(task(id).type()).isEqualTo(TaskCatalog.IMPORT);
  }
}
