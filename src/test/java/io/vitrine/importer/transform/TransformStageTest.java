package io.vitrine.importer.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.FakeBlobs;
import io.vitrine.importer.FakeCheckpoints;
import io.vitrine.importer.FakeStores;
import io.vitrine.importer.TestingImports;
import io.vitrine.importer.TestingWorker;
import io.vitrine.importer.acquire.Acquired;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.ScratchSpace;
import io.vitrine.importer.blob.StagedBlobs;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransformStageTest {
  private static final byte[] DATA = {1, 2, 3};
  private static final ImportMethod DIRECT = new ImportMethod.GlanceDirect(Optional.empty());

  @TempDir Path directory;

  private final TestingWorker worker = new TestingWorker();
  private final List<String> applied = new ArrayList<>();
  private FakeStores stores;
  private ScratchSpace scratch;
  private StoredBlob staged;

  TransformStageTest() throws Exception {}

  /** Adds a property of its name. */
  private final class Naming implements ImportPlugin {
    private final String name;

    Naming(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String title() {
      return "Naming";
    }

    @Override
    public ImportContent apply(PluginContext context, ImportContent content) {
      assertThat(context.scratch()).isEmptyDirectory();
      applied.add(name);
      return content.with(Map.of(name, "yes"));
    }
  }

  /** Refuses all data. */
  private record Refusing() implements ImportPlugin {
    @Override
    public String name() {
      return "refusing";
    }

    @Override
    public String title() {
      return "Refusing";
    }

    @Override
    public ImportContent apply(PluginContext context, ImportContent content) {
      throw ProblemException.invalid("not this");
    }
  }

  @BeforeEach
  void open() throws IOException {
    stores = new FakeStores(worker.vertx(), Files.createDirectory(directory.resolve("stores")));
    scratch = ScratchSpace.open(directory.resolve("scratch"));
    var blob =
        new BlobRef(
            UUID.randomUUID(),
            TestingImports.image().id(),
            BlobRef.Purpose.STAGING,
            new BlobRef.Place(BlobRef.STAGING_STORE, TestingWorker.NODE));
    staged = stores.put(blob, DATA);
  }

  @AfterEach
  void close() throws Exception {
    worker.close();
    scratch.close();
  }

  @Test
  void appliesThePluginsInOrderToTheStagedData() throws Exception {
    var task = new TestingImports(DIRECT).task();

    var content = transform(worker.run(task), List.of(new Naming("b"), new Naming("a")));

    assertThat(applied).containsExactly("b", "a");
    assertThat(content.properties()).containsOnlyKeys("a", "b");
    assertThat(content.declared()).isEqualTo(new Message.Content("raw", "bare"));
    assertThat(content.staged().orElseThrow().value()).isEqualTo(staged.sha512().orElseThrow());
    var source = (BlobSource.InFile) worker.call(content.source()::get);
    assertThat(Files.readAllBytes(source.path())).isEqualTo(DATA);
  }

  @Test
  void skipsPluginsThatAnEarlierWorkerHasApplied() throws Exception {
    var task = new TestingImports(DIRECT).plugins("a").task();

    transform(worker.run(task), List.of(new Naming("a"), new Naming("b")));

    assertThat(applied).containsExactly("b");
  }

  @Test
  void namesThePluginThatFailedAndAppliesNoOther() {
    var run = worker.run(new TestingImports(DIRECT).task());

    var failure = catchThrowable(() -> transform(run, List.of(new Refusing(), new Naming("a"))));

    assertThat(failure).isInstanceOf(ProblemException.class);
    assertThat(run.explain("not this")).isEqualTo("Refusing failed: not this");
    assertThat(applied).isEmpty();
  }

  @Test
  void leavesDataOfAStoreAsItIs() throws Exception {
    var task = new TestingImports(new ImportMethod.CopyImage()).task();
    var copy =
        new Acquired.InStore(() -> new BlobSource.InFile(directory, new ByteRange(0, 1), false));

    var content = worker.call(() -> stage(List.of(new Naming("a"))).run(worker.run(task), copy));

    assertThat(applied).isEmpty();
    assertThat(content.source()).isSameAs(copy.source());
    assertThat(content.declared().isInspected()).isFalse();
  }

  private ImportContent transform(TaskRun<ImportTask> run, List<ImportPlugin> plugins)
      throws Exception {
    var acquired = new Acquired.Staged(run.task().image(), staged, Optional.empty());
    return worker.call(() -> stage(plugins).run(run, acquired));
  }

  private TransformStage stage(List<ImportPlugin> plugins) {
    var writer =
        new StagingWriter(
            worker.vertx(),
            new BlobWrites(worker.loop(), new FakeBlobs(), worker.stores(), Long.MAX_VALUE),
            new FakeCheckpoints());
    return new TransformStage(
        plugins, new StagedBlobs(worker.vertx(), worker.stores()), writer, scratch);
  }
}
