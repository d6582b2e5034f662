package io.vitrine.importer.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.qcow2.TestingQcow2Samples;
import io.vitrine.image.Digests;
import io.vitrine.importer.FakeStores;
import io.vitrine.importer.TestingImages;
import io.vitrine.importer.TestingWorker;
import io.vitrine.importer.blob.ArrivingBytes;
import io.vitrine.importer.engine.BuiltinConversion;
import io.vitrine.importer.engine.DiskImage;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Conversions of files that grow under the test's hands. */
@Timeout(60)
class EarlyConversionTest {
  private static final byte[] DISK = new byte[4 << 20];

  @TempDir private Path directory = Path.of("");

  private final TestingWorker worker = new TestingWorker();
  private Duration timeLimit = Duration.ofSeconds(60);
  private byte[] image;
  private Path target;
  private ArrivingBytes bytes;

  EarlyConversionTest() throws Exception {}

  @BeforeEach
  void open() throws IOException {
    new Random(1).nextBytes(DISK);
    image = TestingQcow2Samples.tablesInFront(DISK);
    target = directory.resolve("converted");
    bytes = ArrivingBytes.open(Files.write(directory.resolve("source"), image));
  }

  @AfterEach
  void close() throws Exception {
    bytes.close();
    worker.close();
  }

  private EarlyConversion conversion() {
    var made = new EarlyTarget.ScratchFile(target, timeLimit);
    return new EarlyConversion(
        made,
        arriving ->
            new BuiltinConversion(
                new DiskImage(target, "qcow2"),
                new DiskImage(target, "raw"),
                TestingImages.LIMITS,
                new ArrivingDisks(arriving, made)));
  }

  private Optional<Digests> digests() {
    return FakeStores.digests(image);
  }

  private Optional<EarlyConversion.Result> result(
      EarlyConversion conversion, Optional<Digests> staged) throws Exception {
    return worker.call(() -> conversion.result(staged));
  }

  private void end(EarlyConversion conversion) throws Exception {
    worker.call(
        () -> {
          conversion.end();
          return true;
        });
  }

  @Test
  void convertsWhatIsThereAndThenTheRest() throws Exception {
    var conversion = conversion();
    conversion.begin(bytes);
    assertThat(conversion.isOfUse()).isTrue();

    bytes.arrived(image.length - 1);
    TestingConditions.await("all but the last piece", () -> conversion.percent() >= 50);
    assertThat(conversion.percent()).isLessThan(100);
    bytes.completed(image.length);

    var result = result(conversion, digests()).orElseThrow();
    assertThat(result.target()).isInstanceOf(EarlyTarget.ScratchFile.class);
    assertThat(result.afterLastByte()).isBetween(Duration.ZERO, Duration.ofSeconds(60));
    assertThat(Arrays.equals(Files.readAllBytes(target), DISK)).isTrue();
    end(conversion);
    assertThat(conversion.isOfUse()).isFalse();
  }

  @Test
  void isOfNoUseForOtherData() throws Exception {
    var conversion = conversion();
    conversion.begin(bytes);
    bytes.completed(image.length);

    assertThat(result(conversion, FakeStores.digests(DISK))).isEmpty();
    assertThat(result(conversion, Optional.empty())).isEmpty();
    end(conversion);
  }

  @Test
  void isOfNoUseIfTheDownloadFails() throws Exception {
    var conversion = conversion();
    conversion.begin(bytes);
    bytes.arrived(image.length - 1);

    bytes.failed(new IOException("the server is gone"));

    assertThat(result(conversion, digests())).isEmpty();
    assertThat(target).doesNotExist();
    end(conversion);
  }

  @Test
  void isOfNoUseIfTheImageIsCutOff() throws Exception {
    var conversion = conversion();
    conversion.begin(bytes);

    bytes.completed(image.length - 1);

    assertThat(result(conversion, digests())).isEmpty();
    assertThat(target).doesNotExist();
    end(conversion);
  }

  @Test
  void isOfNoUseIfNothingCanBeReadEarly() throws Exception {
    var conversion = conversion();

    assertThat(conversion.isOfUse()).isFalse();
    assertThat(conversion.percent()).isZero();
    assertThat(result(conversion, digests())).isEmpty();
    end(conversion);
  }

  @Test
  void leavesNothingBehindWhenItIsStopped() throws Exception {
    var conversion = conversion();
    conversion.begin(bytes);
    bytes.arrived(image.length - 1);
    TestingConditions.await("a beginning", () -> conversion.percent() > 0);

    end(conversion);

    assertThat(conversion.isOfUse()).isFalse();
    assertThat(target).doesNotExist();
    assertThat(result(conversion, digests())).isEmpty();
  }

  @Test
  void doesNotBeginOnceItIsStopped() throws Exception {
    var conversion = conversion();
    end(conversion);

    conversion.begin(bytes);

    assertThat(conversion.isOfUse()).isFalse();
    assertThat(target).doesNotExist();
  }

  @Test
  void mayTakeOnlySoLongAfterTheLastByte() throws Exception {
    timeLimit = Duration.ofMillis(1);
    var conversion = conversion();
    conversion.begin(bytes);
    bytes.arrived(image.length - 1);

    assertThat(result(conversion, digests())).isEmpty();
    end(conversion);
  }
}
