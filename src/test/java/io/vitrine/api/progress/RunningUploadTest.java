package io.vitrine.api.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.catalog.events.UploadProgress;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunningUploadTest {
  private static final long SECOND = 1_000_000_000;
  private static final BlobRef BLOB =
      new BlobRef(
          UUID.randomUUID(),
          ImageId.random(),
          BlobRef.Purpose.STAGING,
          new BlobRef.Place("local", "node"));

  private final AtomicLong bytes = new AtomicLong();

  private RunningUpload upload(Optional<Long> total) {
    return new RunningUpload(BLOB, total, bytes::get, 0);
  }

  private UploadProgress sample(RunningUpload upload, long sum, double second) {
    bytes.set(sum);
    upload.sample(Math.round(second * SECOND));
    return upload.entry().progress();
  }

  @Test
  void countsWhatThisRequestBringsForTheRate() {
    bytes.set(5000);
    var upload = upload(Optional.of(10_000L));

    var progress = sample(upload, 6000, 0.5);

    assertThat(progress)
        .isEqualTo(
            new UploadProgress(
                BLOB.image(), BlobRef.Purpose.STAGING, 6000, Optional.of(10_000L), 2000));
    assertThat(progress.remainingSeconds()).hasValue(2L);
    assertThat(upload.entry().id()).isEqualTo(BLOB.id());
  }

  @Test
  void smoothsTheRate() {
    var upload = upload(Optional.empty());

    sample(upload, 1000, 1);
    var faster = sample(upload, 3000, 2);

    assertThat(faster.bytesPerSecond()).isEqualTo(1300);
    assertThat(faster.remainingSeconds()).isEmpty();
    for (int second = 3; second < 60; second++) {
      sample(upload, 3000, second);
    }
    assertThat(upload.entry().progress().bytesPerSecond()).isZero();
  }

  @Test
  void knowsNoEndWhileNothingArrives() {
    var upload = upload(Optional.of(10L));

    assertThat(sample(upload, 0, 1).remainingSeconds()).isEmpty();
    assertThat(sample(upload, 20, 2).remainingSeconds()).hasValue(0L);
  }
}
