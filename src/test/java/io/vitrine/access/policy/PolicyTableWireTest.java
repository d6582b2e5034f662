package io.vitrine.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Every rule of the default policy. */
class PolicyTableWireTest extends PolicyTableContract {
  PolicyTableWireTest() throws Exception {
    super("policy-table.txt", "{}");
  }

  @Test
  void hasEveryRule() throws Exception {
    try (var defaults = Policy.class.getResourceAsStream("policy-defaults.yaml")) {
      Map<String, String> rules = new Yaml().load(Objects.requireNonNull(defaults));

      var known = new TreeSet<>(rules.keySet());
      known.add("(none)");

      assertThat(table.rules()).isEqualTo(known);
    }
  }
}
