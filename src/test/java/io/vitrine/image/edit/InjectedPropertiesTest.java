package io.vitrine.image.edit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InjectedPropertiesTest {
  @Test
  void leavesTheImagesOfSomeRolesAlone() {
    var injected = new InjectedProperties(Map.of("site", "north"), List.of("Admin"));

    assertThat(injected.of(Set.of("member", "reader"))).containsExactly(Map.entry("site", "north"));
    assertThat(injected.of(Set.of())).containsKey("site");
    assertThat(injected.of(Set.of("member", "admin"))).isEmpty();
  }
}
