package io.vitrine.importer.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitrine.config.ByteSize;
import io.vitrine.format.FormatRules;
import io.vitrine.format.TestingFormatConfig;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.image.edit.InjectedProperties;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.FakeBlobs;
import io.vitrine.importer.FakeCheckpoints;
import io.vitrine.importer.FakeReports;
import io.vitrine.importer.FakeStores;
import io.vitrine.importer.TestingImages;
import io.vitrine.importer.TestingImports;
import io.vitrine.importer.TestingWorker;
import io.vitrine.importer.acquire.Acquired;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.ScratchSpace;
import io.vitrine.importer.blob.StagedBlobs;
import io.vitrine.importer.convert.ConversionEngine;
import io.vitrine.importer.convert.ImageConversion;
import io.vitrine.importer.decompress.Compression;
import io.vitrine.importer.decompress.Decompression;
import io.vitrine.importer.decompress.DecompressionConfig;
import io.vitrine.importer.decompress.TestingArchives;
import io.vitrine.importer.engine.Converter;
import io.vitrine.importer.engine.FakeConverter;
import io.vitrine.importer.inject.MetadataInjection;
import io.vitrine.importer.qemu.QemuImg;
import io.vitrine.importer.qemu.Sandbox;
import io.vitrine.importer.run.Failure;
import io.vitrine.importer.run.StagedDataLost;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each plugin makes of staged data. */
class PluginsTest {
  private static final ImportMethod DIRECT = new ImportMethod.GlanceDirect(Optional.empty());
  private static final DecompressionConfig LIMITS =
      new DecompressionConfig(
          1000, new ByteSize(1 << 20), new ByteSize(1 << 30), Duration.ofMinutes(1));

  @TempDir Path directory;

  private final TestingWorker worker = new TestingWorker();
  private final FakeBlobs blobs = new FakeBlobs();
  private final FakeCheckpoints checkpoints = new FakeCheckpoints();
  private final FakeReports reports = new FakeReports();
  private final Converter absent =
      new QemuImg("no such program", Sandbox.ofThisMachine(), TestingImages.LIMITS);
  private FakeStores stores;
  private ScratchSpace scratch;

  PluginsTest() throws Exception {}

  @BeforeEach
  void open() throws IOException {
    stores = new FakeStores(worker.vertx(), Files.createDirectory(directory.resolve("stores")));
    scratch = ScratchSpace.open(directory.resolve("scratch"));
  }

  @AfterEach
  void close() throws Exception {
    worker.close();
    scratch.close();
  }

  @Test
  void convertsADiskToTheConfiguredFormat() throws Exception {
    var raw = TestingImages.raw(directory, 2);

    var content = apply(conversion(new FakeConverter(), "qcow2"), staged(Files.readAllBytes(raw)));

    assertThat(content.declared()).isEqualTo(new Message.Content("qcow2", "bare"));
    assertThat(content.staged()).isEmpty();
    assertThat(read(content)).asString(UTF_8).isEqualTo("qcow2 from raw of 1048576");
    assertThat(reports.steps())
        .extracting(step -> step.getString("step"))
        .containsExactly("inspecting", "converting from raw to qcow2");
  }

  @Test
  void keepsADiskThatHasTheFormatAlready() throws Exception {
    var staged = staged(new byte[] {1});

    var content = apply(conversion(absent, "raw"), staged);

    assertThat(content.declared()).isEqualTo(new Message.Content("raw", "bare"));
    assertThat(read(content)).containsExactly(1);
    assertThat(reports.messages()).isEmpty();
  }

  @Test
  void endsAnImportThatNeedsAConverterThatIsMissing() {
    var failure = catchThrowable(() -> apply(conversion(absent, "qcow2"), staged(new byte[512])));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(((ProblemException) failure).problem()).isInstanceOf(Problem.NotOffered.class);
  }

  @Test
  void convertsNoDataThatIsNotWhatWasStaged() throws Exception {
    var staged = staged(Files.readAllBytes(TestingImages.raw(directory, 2)));
    stores.put(staged.blob(), new byte[(int) staged.sizeBytes()]);

    var failure = catchThrowable(() -> apply(conversion(new FakeConverter(), "qcow2"), staged));

    assertThat(failure).isInstanceOf(StagedDataLost.class);
  }

  @Test
  void leavesNoConversionBehindThatBeganAsTheRunWasStopped() {
    TaskRun<ImportTask> run = worker.run(new TestingImports(DIRECT).task(), reports);
    var converter =
        FakeConverter.endless(() -> run.stop(new Problem.Interrupted("The worker stops.")));

    var failure =
        catchThrowable(() -> apply(conversion(converter, "qcow2"), staged(new byte[512]), run));

    assertThat(failure).hasMessage("The worker stops.");
    assertThat(converter.isCancelled()).isTrue();
  }

  @Test
  void replacesCompressedDataInStagingAsACheckpoint() throws Exception {
    var data = TestingArchives.data(500_000);
    var staged = staged(TestingArchives.compress(Compression.GZIP, data));

    var content = apply(new Decompression(worker.vertx(), LIMITS), staged);

    assertThat(checkpoints.events()).containsExactly("replaced by image_decompression");
    var replaced = checkpoints.staged().getFirst();
    assertThat(stores.get(replaced.blob())).isEqualTo(data);
    assertThat(read(content)).isEqualTo(data);
    assertThat(content.staged().orElseThrow().value()).isEqualTo(replaced.sha512().orElseThrow());
    assertThat(reports.steps().getLast().getString("step")).isEqualTo("decompressing");
  }

  @Test
  void keepsDataThatIsNotCompressed() throws Exception {
    var content = apply(new Decompression(worker.vertx(), LIMITS), staged(new byte[1000]));

    assertThat(read(content)).isEqualTo(new byte[1000]);
    assertThat(blobs.begun()).isEmpty();
  }

  @Test
  void looksBehindFramesThatAreSkipped() throws Exception {
    var data = TestingArchives.data(500_000);
    var lead = TestingArchives.skippable(100_000);
    var packed = TestingArchives.compress(Compression.ZSTD, data);

    var content =
        apply(
            new Decompression(worker.vertx(), LIMITS), staged(TestingArchives.join(lead, packed)));

    assertThat(read(content)).isEqualTo(data);
  }

  @Test
  void keepsDataThatOnlyBeginsWithFramesThatAreSkipped() throws Exception {
    var data = TestingArchives.join(TestingArchives.skippable(100_000), new byte[1000]);

    var content = apply(new Decompression(worker.vertx(), LIMITS), staged(data));

    assertThat(read(content)).isEqualTo(data);
    assertThat(blobs.begun()).isEmpty();
    assertThat(checkpoints.events()).isEmpty();
  }

  @Test
  void abandonsWhatItMadeOfBrokenData() throws Exception {
    var packed = TestingArchives.compress(Compression.GZIP, TestingArchives.data(500_000));

    var failure =
        catchThrowable(
            () ->
                apply(
                    new Decompression(worker.vertx(), LIMITS),
                    staged(Arrays.copyOf(packed, packed.length / 2))));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(blobs.aborted()).hasSize(1).isEqualTo(blobs.begun());
    assertThat(checkpoints.events()).isEmpty();
  }

  @Test
  void injectsTheOperatorsProperties() throws Exception {
    var injected = new InjectedProperties(Map.of("hw_x", "1"), List.of());

    var content = apply(new MetadataInjection(injected, limits(1)), staged(new byte[1]));
    var failure =
        catchThrowable(
            () -> apply(new MetadataInjection(injected, limits(0)), staged(new byte[1])));

    assertThat(content.properties()).containsExactly(Map.entry("hw_x", "1"));
    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
  }

  private static ImageLimits limits(int properties) {
    return new ImageLimits(List.of("raw"), List.of("bare"), properties, -1);
  }

  private ImageConversion conversion(Converter converter, String format) {
    return new ImageConversion(
        worker.vertx(),
        ConversionEngine.of(converter),
        new FormatRules(TestingFormatConfig.DEFAULT),
        format);
  }

  private StoredBlob staged(byte[] data) throws IOException {
    var blob =
        new BlobRef(
            UUID.randomUUID(),
            TestingImports.image().id(),
            BlobRef.Purpose.STAGING,
            new BlobRef.Place(BlobRef.STAGING_STORE, TestingWorker.NODE));
    return stores.put(blob, data);
  }

  private byte[] read(ImportContent content) throws Exception {
    var source = (BlobSource.InFile) worker.call(content.source()::get);
    return Files.readAllBytes(source.path());
  }

  private ImportContent apply(ImportPlugin plugin, StoredBlob staged) throws Exception {
    return apply(plugin, staged, worker.run(new TestingImports(DIRECT).task(), reports));
  }

  private ImportContent apply(ImportPlugin plugin, StoredBlob staged, TaskRun<ImportTask> run)
      throws Exception {
    var writer =
        new StagingWriter(
            worker.vertx(),
            new BlobWrites(worker.loop(), blobs, worker.stores(), Long.MAX_VALUE),
            checkpoints);
    var stage =
        new TransformStage(
            List.of(plugin), new StagedBlobs(worker.vertx(), worker.stores()), writer, scratch);
    var acquired = new Acquired.Staged(run.task().image(), staged, Optional.empty());
    return worker.call(
        () -> {
          try {
            return stage.run(run, acquired);
          } finally {
            run.conclude(Optional.empty());
          }
        });
  }
}
