package io.vitrine.importer.acquire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import io.vitrine.image.Digests;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.importer.TestingImports;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceRulesTest {
  private final SourceRules rules =
      new SourceRules(
          List.of("hw_", "owner"), new ImageLimits(List.of("qcow2"), List.of("bare"), 1, -1));

  private static JsonObject image() {
    return new JsonObject()
        .put("status", "active")
        .put("size", 7)
        .put("disk_format", "qcow2")
        .put("container_format", "bare")
        .put("checksum", "5d")
        .put("os_hash_algo", "SHA512")
        .put("os_hash_value", "ABC")
        .put("owner", "them")
        .put("hw_a", "1")
        .put("os_b", "2");
  }

  @Test
  void copiesTheFormatsAndPropertiesOfTheConfiguredPrefixes() {
    var source = rules.read(image());

    assertThat(source.diskFormat()).isEqualTo("qcow2");
    assertThat(source.sizeBytes()).isEqualTo(7);
    assertThat(source.digests()).contains(new Digests("5d", "sha512", "abc"));
    assertThat(source.properties()).containsExactly(Map.entry("hw_a", "1"));
    assertThat(rules.apply(source, TestingImports.image()).diskFormat()).isEqualTo("qcow2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"status\": \"queued\"}",
        "{\"size\": null}",
        "{\"size\": -1}",
        "{\"disk_format\": \"vdi\"}",
        "{\"container_format\": null}"
      })
  void refusesAnImageThatCannotBeImported(String change) {
    var image = image().mergeIn(new JsonObject(change));

    assertThatThrownBy(() -> rules.read(image)).isInstanceOf(ProblemException.class);
  }

  @Test
  void refusesMorePropertiesThanAnImageMayHave() {
    var source = rules.read(image().put("hw_c", "3"));

    assertThatThrownBy(() -> rules.apply(source, TestingImports.image()))
        .isInstanceOf(ProblemException.class);
  }
}
