package io.vitrine.catalog.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.location.HashClaim;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestMetadataTest {
  private static final HashClaim MD5 = new HashClaim(HashAlgorithm.MD5, "0f".repeat(16));
  private static final HashClaim SHA = new HashClaim(HashAlgorithm.SHA256, "a0".repeat(32));

  @Test
  void readsWhatItWrote() {
    assertThat(DigestMetadata.claims(DigestMetadata.of(List.of(MD5, SHA))))
        .containsExactly(MD5, SHA);
    assertThat(DigestMetadata.claims(DigestMetadata.of(List.of(MD5)))).containsExactly(MD5);
  }

  @Test
  void writesNothingWithoutClaims() {
    assertThat(DigestMetadata.of(List.of())).isEmpty();
    assertThat(DigestMetadata.claims(Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind ZmlsZQ==",
        "digests",
        "name eA==,digests eA==",
        "digests eA==,kind eA==",
        "digests eA==",
        "digests eA="
      })
  void ignoresTheMetadataOfOthers(String metadata) {
    assertThat(DigestMetadata.claims(Optional.of(metadata))).isEmpty();
  }
}
