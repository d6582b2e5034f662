package io.vitrine.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.location.HashClaim;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadClaimsTest {
  private static final HashClaim MD5 = new HashClaim(HashAlgorithm.MD5, "0f".repeat(16));
  private static final HashClaim SHA = new HashClaim(HashAlgorithm.SHA256, "a0".repeat(32));

  @Test
  void readsWhatItWrote() {
    assertThat(UploadClaims.of(UploadClaims.toMetadata(List.of(MD5, SHA))))
        .containsExactly(MD5, SHA);
    assertThat(UploadClaims.of(UploadClaims.toMetadata(List.of(MD5)))).containsExactly(MD5);
  }

  @Test
  void writesNothingWithoutClaims() {
    assertThat(UploadClaims.toMetadata(List.of())).isEmpty();
    assertThat(UploadClaims.of(Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"kind ZmlsZQ==", "digests", "name eA==,digests eA==", "digests eA==,kind eA=="})
  void ignoresTheMetadataOfOthers(String metadata) {
    assertThat(UploadClaims.of(Optional.of(metadata))).isEmpty();
  }
}
