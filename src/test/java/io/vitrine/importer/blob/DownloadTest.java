package io.vitrine.importer.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.FakeBlobs;
import io.vitrine.importer.FakeReports;
import io.vitrine.importer.FakeStores;
import io.vitrine.importer.TestingFetcher;
import io.vitrine.importer.TestingImports;
import io.vitrine.importer.TestingWorker;
import io.vitrine.importer.run.Failure;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.net.address.Url;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
  private static final byte[] DATA = new byte[2 << 20];
  private static final ImportMethod DIRECT = new ImportMethod.GlanceDirect(Optional.empty());

  @TempDir Path directory;

  private final TestingWorker worker = new TestingWorker();
  private final TestingSource source = TestingSource.start();
  private final FakeBlobs blobs = new FakeBlobs();
  private final FakeReports reports = new FakeReports();
  private final TaskRun<ImportTask> run = worker.run(new TestingImports(DIRECT).task(), reports);
  private FakeStores stores;

  DownloadTest() throws Exception {}

  @BeforeEach
  void open() throws IOException {
    new Random(1).nextBytes(DATA);
    stores = new FakeStores(worker.vertx(), directory);
  }

  @AfterEach
  void close() throws Exception {
    worker.close();
    source.close();
  }

  @Test
  void writesAllThatTheServerSends() throws Exception {
    var written = download(source.serve(DATA), staging());

    assertThat(stores.get(written.blob())).isEqualTo(DATA);
    assertThat(written.written().sizeBytes()).isEqualTo(DATA.length);
    var step = reports.steps().getLast();
    assertThat(step.getString("step")).isEqualTo("downloading");
    assertThat(step.getString("store")).isNull();
    assertThat(step.getLong("bytes")).isEqualTo(DATA.length);
    assertThat(step.getLong("total")).isEqualTo(DATA.length);
  }

  @Test
  void countsAsStoringIfTheBlobIsTheImagesOwn() throws Exception {
    download(source.serve(DATA), BlobPlan.image("a", TestingWorker.NODE, Optional.empty()));

    assertThat(reports.steps().getLast().getString("step")).isEqualTo("storing");
    assertThat(reports.steps().getLast().getString("store")).isEqualTo("a");
  }

  @Test
  void blamesTheServerForATransferThatBreaks() {
    var url = source.serve(client -> TestingSource.send(client, DATA, DATA.length / 2));

    var failure = catchThrowable(() -> download(url, staging()));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.COUNTED);
    assertThat(blobs.aborted()).hasSize(1).isEqualTo(stores.deleted());
  }

  @Test
  void doesNotBlameTheServerForAStoreThatIsFull() {
    stores.refuse(BlobRef.STAGING_STORE, ProblemException.full("no space"));

    var failure = catchThrowable(() -> download(source.serve(DATA), staging()));

    assertThat(Failure.of(failure)).isEqualTo(new Failure(Failure.Kind.TRANSIENT, "no space"));
  }

  @Test
  void endsAtOnceWhenItIsInterrupted() {
    var end = new CompletableFuture<Void>();
    var url =
        source.serve(
            client -> {
              TestingSource.send(client, DATA, 10);
              run.interrupt();
              end.join();
            });

    var failure = catchThrowable(() -> download(url, staging()));
    end.complete(null);

    assertThat(failure).hasMessageContaining("cancelled");
    assertThat(blobs.aborted()).hasSize(1);
  }

  private static BlobPlan staging() {
    return BlobPlan.staging(TestingWorker.NODE, Optional.empty());
  }

  private UncommittedBlob download(String url, BlobPlan plan) throws Exception {
    var fetcher = TestingFetcher.on(worker.vertx(), source.port());
    var writes = new BlobWrites(worker.loop(), blobs, worker.stores(), Long.MAX_VALUE);
    return worker.call(
        () -> {
          var order =
              new Download.Order(
                  () -> fetcher.download(Url.parse(url)),
                  writes.begin(run, plan),
                  Optional.empty(),
                  Long.MAX_VALUE,
                  List.of());
          try {
            return writes.download(run, order);
          } finally {
            run.conclude(Optional.empty());
          }
        });
  }
}
