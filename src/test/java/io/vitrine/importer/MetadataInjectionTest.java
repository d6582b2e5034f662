package io.vitrine.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.ImageLimits;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetadataInjectionTest {
  private static final ImageLimits LIMITS = new ImageLimits(List.of(), List.of(), 1, 1);

  @Test
  void leavesTheImagesOfSomeRolesAlone() {
    var injection = new MetadataInjection(Map.of("site", "north"), Set.of("Admin"), LIMITS);

    assertThat(injection.isMeantFor(Set.of("member", "reader"))).isTrue();
    assertThat(injection.isMeantFor(Set.of())).isTrue();
    assertThat(injection.isMeantFor(Set.of("member", "admin"))).isFalse();
  }
}
