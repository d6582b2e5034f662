package io.vitrine.store.rbd;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CephLibrariesTest {
  @Test
  void saysWhichPackageIsMissing() {
    assertThatThrownBy(() -> CephLibraries.library("libabsent.so.9", "libabsent9"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "A backend of kind rbd needs Ceph's library libabsent.so.9."
                + " Install the package libabsent9 (Debian, Ubuntu).");
  }
}
