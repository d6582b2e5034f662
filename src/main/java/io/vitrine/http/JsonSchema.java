package io.vitrine.http;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.util.List;

/** A JSON schema that bodies are checked by, of draft 4 as the API's schemas are. */
final class JsonSchema {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4);

  private final String name;
  private final Schema schema;

  JsonSchema(JsonObject schema) {
    this.name = schema.getString("name");
    this.schema = REGISTRY.getSchema(schema.encode());
  }

  /** Answers the body if it is valid; else the first fault becomes a problem. */
  JsonObject require(JsonObject body) {
    faults(body).stream()
        .findFirst()
        .ifPresent(
            fault -> {
              throw invalid(fault.toString());
            });
    return body;
  }

  private List<Error> faults(JsonObject body) {
    try {
      return schema.validate(body.encode(), InputFormat.JSON);
    } catch (RuntimeException beyondNumbers) {
      // The validator takes 1e300 for a whole number and then cannot count so far.
      throw invalid("it has a number that is too large");
    }
  }

  private ProblemException invalid(String fault) {
    return new ProblemException(
        new Problem.Invalid(
            "Provided object does not match schema '%s': %s".formatted(name, fault)));
  }
}
