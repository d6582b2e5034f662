package io.vitrine.api.schema;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.metadefs.MetadefSchemas;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.metadef.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JsonSchemaTest {
  private final JsonSchema properties = new JsonSchema(MetadefSchemas.of(Kind.PROPERTY));

  private static JsonObject withPattern(String pattern) {
    return JsonObject.of("name", "n", "title", "t", "type", "string", "pattern", pattern);
  }

  /** Java would need minutes for it. */
  @Test
  @Timeout(20)
  void refusesPatternsThatAreTooLong() {
    assertThatThrownBy(() -> properties.require(withPattern("x".repeat(1 << 20))))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("pattern");
    assertThatThrownBy(() -> properties.require(withPattern("(")))
        .isInstanceOf(ProblemException.class);
    assertThatCode(() -> properties.require(withPattern("x".repeat(4096))))
        .doesNotThrowAnyException();
  }
}
