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
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.List;
import tools.jackson.core.JacksonException;

/** A JSON schema that bodies are checked by, of draft 4 as the API's schemas are. */
public final class JsonSchema {
  /** Java takes time by the square of the length for a pattern that is plain text. */
  private static final int MAX_PATTERN = 4096;

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_4,
          registry ->
              registry.schemaRegistryConfig(
                  SchemaRegistryConfig.builder()
                      .regularExpressionFactory(JsonSchema::expression)
                      .build()));

  /** What schemas are held to. */
  private static final Schema RULES =
      REGISTRY.getSchema(SchemaLocation.of("http://json-schema.org/draft-04/schema#"));

  private final String name;
  private final Schema schema;

  public JsonSchema(JsonObject schema) {
    this.name = schema.getString("name");
    this.schema = REGISTRY.getSchema(schema.encode());
  }

  /** What is wrong with a schema itself, if anything. */
  static List<String> faultsOf(JsonObject schema) {
    return RULES.validate(schema.encode(), InputFormat.JSON).stream().map(Error::toString).toList();
  }

  /** Answers the body if it is valid; else the first fault becomes a problem. */
  public JsonObject require(JsonObject body) {
    faults(body).stream()
        .findFirst()
        .ifPresent(
            fault -> {
              throw invalid(fault.toString());
            });
    return body;
  }

  /** A pattern that is too long counts as none. */
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
      // The validator cannot count as far as 1e300, nor look as deep as the reader of requests.
      throw invalid("it has a number that is too large, or is nested too deeply");
    }
  }

  private ProblemException invalid(String fault) {
    return new ProblemException(
        new Problem.Invalid(
            "Provided object does not match schema '%s': %s".formatted(name, fault)));
  }
}
