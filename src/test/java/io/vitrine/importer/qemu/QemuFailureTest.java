package io.vitrine.importer.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.problem.Problem;
import io.vitrine.importer.run.Failure;
import io.vitrine.importer.run.Failure.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way in which qemu-img ends badly says why, and only a killed one is tried again. */
class QemuFailureTest {
  @ParameterizedTest
  @CsvSource({
    "1,   qemu-img: Could not open: Image is not in qcow2 format,           PERMANENT, not a valid qcow2 image.",
    "1,   qcow2: Image is corrupt: L2 table offset unaligned,               PERMANENT, is corrupt",
    "1,   block-vpc: The image has been truncated.,                         PERMANENT, cut off",
    "1,   Parameter 'encrypt.key-secret' is required for cipher,            PERMANENT, Encrypted images",
    "153, '',                                                               PERMANENT, larger than allowed",
    "1,   qemu-img: error while writing: File too large,                    PERMANENT, larger than allowed",
    "1,   'opened read-only, but contains a log that needs to be replayed', PERMANENT, has a log",
    "152, '',                                                               PERMANENT, more computing time",
    "1,   qemu-img: Cannot allocate memory,                                 PERMANENT, more memory",
    "133, GLib-ERROR: failed to allocate 4096 bytes,                        PERMANENT, more memory",
    "1,   qemu-img: error while writing: No space left on device,           TRANSIENT, no space left",
    "137, '',                                                               COUNTED, was killed",
  })
  void saysWhy(int exitStatus, String message, Kind kind, String reason) {
    var failure = QemuFailure.of(exitStatus, message, "qcow2");

    assertThat(Failure.of(failure).kind()).isEqualTo(kind);
    assertThat(Failure.of(failure).reason()).contains(reason);
    assertThat(failure.problem()).isNotInstanceOf(Problem.Gone.class);
  }
}
