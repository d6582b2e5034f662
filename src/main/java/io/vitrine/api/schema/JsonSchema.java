package io.vitrine.api.schema;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.JDKRegularExpressionFactory;
import com.networknt.schema.regex.RegularExpression;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.problem.ProblemException;
import java.util.List;
import tools.jackson.core.JacksonException;

/** A JSON schema of draft 4, the API's dialect, that validates request bodies. */
public final class JsonSchema {
  /**
   * The longest pattern that is compiled: Java's time is quadratic in its length, even for plain
   * text.
   */
  private static final int MAX_PATTERN = 4096;

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_4,
          registry ->
              registry.schemaRegistryConfig(
                  SchemaRegistryConfig.builder()
                      .regularExpressionFactory(JsonSchema::expression)
                      .build()));

  /** The meta-schema. */
  private static final Schema RULES =
      REGISTRY.getSchema(SchemaLocation.of("http://json-schema.org/draft-04/schema#"));

  private final String name;
  private final Schema schema;

  /** Compiles the schema; its {@code name} appears in error messages. */
  public JsonSchema(JsonObject schema) {
    this.name = schema.getString("name");
    this.schema = REGISTRY.getSchema(schema.encode());
  }

  /** The faults of a schema itself; empty if it is valid. */
  static List<String> faultsOf(JsonObject schema) {
    return RULES.validate(schema.encode(), InputFormat.JSON).stream().map(Error::toString).toList();
  }

  /** The body, if it is valid; otherwise fails as invalid with the first fault. */
  public JsonObject require(JsonObject body) {
    faults(body).stream()
        .findFirst()
        .ifPresent(
            fault -> {
              throw invalid(fault.toString());
            });
    return body;
  }

  /** An expression for a pattern; one that is too long is ignored. */
  private static RegularExpression expression(String pattern) {
    if (pattern.length() > MAX_PATTERN) {
      throw new IllegalArgumentException("a pattern of more than 4096 characters");
    }
    return JDKRegularExpressionFactory.getInstance().getRegularExpression(pattern);
  }

  private List<Error> faults(JsonObject body) {
    try {
      return schema.validate(body.encode(), InputFormat.JSON);
    } catch (JacksonException beyondLimits) {
      // The validator fails on numbers like 1e300 and on nesting that the parser accepts.
      throw invalid("it has a number that is too large, or is nested too deeply");
    }
  }

  private ProblemException invalid(String fault) {
    return ProblemException.invalid(
        "Provided object does not match schema '%s': %s".formatted(name, fault));
  }
}
