package io.vitrine.importer.acquire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vitrine.fetch.RegionImages;
import io.vitrine.fetch.Resumption;
import io.vitrine.image.Image;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.image.task.RegionAccess;
import io.vitrine.importer.FakeBlobs;
import io.vitrine.importer.FakeReports;
import io.vitrine.importer.FakeStores;
import io.vitrine.importer.TestingImports;
import io.vitrine.importer.TestingWorker;
import io.vitrine.importer.blob.ArrivingBytes;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.EarlyWork;
import io.vitrine.importer.blob.UncommittedBlob;
import io.vitrine.importer.run.Failure;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.net.address.Url;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionDownloadTest {
  private static final String TOKEN = "ann's token";
  private static final byte[] DATA = "the image".getBytes(StandardCharsets.UTF_8);
  private static final UUID IMAGE = UUID.randomUUID();

  @TempDir Path directory;

  private final TestingWorker worker = new TestingWorker();
  private final FakeBlobs blobs = new FakeBlobs();
  private final FakeReports reports = new FakeReports();
  private final JsonObject description =
      new JsonObject()
          .put("status", "active")
          .put("size", DATA.length)
          .put("disk_format", "qcow2")
          .put("container_format", "bare")
          .put("hw_a", "1");
  private FakeStores stores;
  private EarlyWork early = EarlyWork.NONE;
  private int port;

  RegionDownloadTest() throws Exception {}

  @BeforeEach
  void serve() throws Exception {
    stores = new FakeStores(worker.vertx(), directory);
    port =
        worker
            .vertx()
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .await(5, SECONDS)
            .actualPort();
  }

  @AfterEach
  void close() throws Exception {
    worker.close();
  }

  private void answer(HttpServerRequest request) {
    if (!TOKEN.equals(request.getHeader("X-Auth-Token"))) {
      request.response().setStatusCode(401).end();
    } else if (("/v2/images/" + IMAGE).equals(request.path())) {
      request.response().end(description.toBuffer());
    } else {
      request.response().end(Buffer.buffer(DATA));
    }
  }

  @Test
  void stagesTheDataAndKnowsTheMetadata() throws Exception {
    var written = download();

    assertThat(stores.get(written.blob())).isEqualTo(DATA);
    assertThat(reports.steps())
        .extracting(step -> step.getString("step"))
        .containsExactly("asking the other region about the image", "downloading");
  }

  @Test
  void letsOthersReadTheDataWhileItArrives() throws Exception {
    var follower = new FakeEarlyWork();
    early = follower;

    var written = download();

    assertThat(follower.image.join().diskFormat()).isEqualTo("qcow2");
    assertThat(follower.read.get(10, SECONDS)).isEqualTo(DATA);
    assertThat(stores.get(written.blob())).isEqualTo(DATA);
  }

  /** Reads all data. */
  private static final class FakeEarlyWork implements EarlyWork {
    private final CompletableFuture<Image> image = new CompletableFuture<>();
    private final CompletableFuture<byte[]> read = new CompletableFuture<>();

    @Override
    public boolean suits(Image candidate) {
      return true;
    }

    @Override
    public Optional<Consumer<ArrivingBytes>> begin(TaskRun<ImportTask> run, Staging staging) {
      image.complete(staging.image());
      return Optional.of(bytes -> read.completeAsync(() -> readAll(bytes)));
    }

    private static byte[] readAll(ArrivingBytes bytes) {
      try (bytes;
          var input = Channels.newInputStream(bytes.inOrder())) {
        return input.readAllBytes();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void stop(LeasedTask task) {
      // It ends with the data.
    }

    @Override
    public void end(LeasedTask task) {
      // The same.
    }
  }

  @Test
  void abandonsDataOfAnotherLengthThanTheRegionTold() {
    description.put("size", DATA.length + 1);

    var failure = catchThrowable(this::download);

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(blobs.aborted()).hasSize(1).isEqualTo(stores.deleted());
  }

  @Test
  void abandonsDataWithAnotherDigestThanTheRegionTold() {
    description.put("os_hash_algo", "sha512").put("os_hash_value", "0".repeat(128));

    var failure = catchThrowable(this::download);

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(blobs.aborted()).hasSize(1).isEqualTo(stores.deleted());
  }

  @Test
  void downloadsNothingOfAnImageThatMayNotBeImported() {
    description.put("disk_format", "vdi");

    var failure = catchThrowable(this::download);

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(blobs.begun()).isEmpty();
  }

  @Test
  void countsARegionThatCannotBeReachedAsItsFault() throws Exception {
    var access = new RegionAccess(Url.parse("http://127.0.0.1:1"), TOKEN);

    var failure = catchThrowable(() -> download(Optional.of(access)));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.COUNTED);
  }

  @Test
  void needsAccessToTheRegion() {
    var failure = catchThrowable(() -> download(Optional.empty()));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
  }

  private UncommittedBlob download() throws Exception {
    return download(Optional.of(new RegionAccess(Url.parse("http://127.0.0.1:" + port), TOKEN)));
  }

  private UncommittedBlob download(Optional<RegionAccess> access) throws Exception {
    var method = new ImportMethod.GlanceDownload("North", IMAGE, "public", access);
    var writes = new BlobWrites(worker.loop(), blobs, worker.stores(), Long.MAX_VALUE);
    var images =
        new RegionImages(
            worker.vertx(),
            Optional.empty(),
            new Resumption(0, 1, Duration.ofMillis(1)),
            new RegionImages.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5)));
    var limits = new ImageLimits(List.of("qcow2"), List.of("bare"), -1, -1);
    var regions =
        new RegionDownload(
            worker.loop(),
            images,
            new SourceRules(List.of("hw_"), limits),
            new StagingDownload(writes, early));
    TaskRun<ImportTask> run = worker.run(new TestingImports(method).task(), reports);
    return worker.call(
        () -> {
          var source = regions.ask(run, method);
          assertThat(source.properties()).isEqualTo(Map.of("hw_a", "1"));
          var written = regions.download(run, method, source);
          run.conclude(Optional.empty());
          return written;
        });
  }
}
