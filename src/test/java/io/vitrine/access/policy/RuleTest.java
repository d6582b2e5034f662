package io.vitrine.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RuleTest {
  @Test
  void isNamedAsInPolicyFiles() {
    assertThat(Rule.ADD_METADEF_RESOURCE_TYPE_ASSOCIATION.text())
        .isEqualTo("add_metadef_resource_type_association");
  }
}
