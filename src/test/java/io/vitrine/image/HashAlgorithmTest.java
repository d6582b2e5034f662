package io.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HashAlgorithmTest {
  @ParameterizedTest
  @EnumSource
  void hasTheLengthAndTheNamesThatItSays(HashAlgorithm algorithm) {
    assertThat(algorithm.begin().digest(new byte[0])).hasSize(algorithm.bytes());
    assertThat(HashAlgorithm.find(algorithm.text())).contains(algorithm);
    assertThat(HashAlgorithm.findJava(algorithm.javaName())).contains(algorithm);
  }

  @Test
  void findsNothingByAnotherName() {
    assertThat(HashAlgorithm.find("SHA-512")).isEmpty();
    assertThat(HashAlgorithm.findJava("sha512")).isEmpty();
  }
}
