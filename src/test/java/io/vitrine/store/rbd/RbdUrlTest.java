package io.vitrine.store.rbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RbdUrlTest {
  private static final String FSID = "f4adcfae-22c8-4293-97a9-acfd80bb8056";

  @Test
  void namesThePartsAsOpenStackDoes(@TempDir Path directory) throws IOException {
    var conf = Files.writeString(directory.resolve("ceph.conf"), "[global]\nfsid = " + FSID);
    var blob =
        new BlobRef(
            UUID.randomUUID(),
            ImageId.random(),
            BlobRef.Purpose.IMAGE,
            new BlobRef.Place("ceph", "node"));

    assertThat(RbdUrl.read(conf, "images").of(blob))
        .isEqualTo("rbd://" + FSID + "/images/" + blob.id() + "/snap");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[global]\n\tfsid = " + FSID + "\n\tmon_host = [v2:10.0.0.1:3300/0]\n",
        "[global]\nfsid=" + FSID + "\n",
        "[global]\nfsid = \"" + FSID + "\"",
        "[global]\n# fsid = 00000000-0000-0000-0000-000000000000\nfsid = " + FSID + " ; ours",
      })
  void findsTheFsid(String conf) {
    assertThat(RbdUrl.fsid(conf)).contains(FSID);
  }

  @Test
  void needsTheFsid(@TempDir Path directory) throws IOException {
    var conf = Files.writeString(directory.resolve("ceph.conf"), "[global]\nmon_host = 10.0.0.1\n");

    assertThatThrownBy(() -> RbdUrl.read(conf, "images"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no fsid");
  }
}
