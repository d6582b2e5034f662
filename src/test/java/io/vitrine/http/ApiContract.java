package io.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vitrine.image.ImageLimits;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Holds answers to what the OpenAPI document says of them, with the formats of the defaults. */
final class ApiContract {
  private static final String ID = "https://vitrine.example/openapi.json";
  private static final ImageLimits LIMITS =
      new ImageLimits(
          List.of(
              "ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop"),
          List.of("ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed"),
          -1,
          -1);

  private static final ApiContract CONTRACT =
      new ApiContract(new OpenApi(new ImageSchema(LIMITS, DescribedProperties.NONE)).document());

  private final JsonObject document;
  private final SchemaRegistry registry;
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  private ApiContract(JsonObject document) {
    this.document = document;
    registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemas(Map.of(ID, document.encode())));
  }

  /** Fails if the status is none of the operation's, or the JSON not as its schema says. */
  static void check(HttpResponse<String> answer) {
    CONTRACT.require(answer);
  }

  static JsonObject document() {
    return CONTRACT.document;
  }

  private void require(HttpResponse<String> answer) {
    var method = answer.request().method().toLowerCase(Locale.ROOT);
    var path = answer.uri().getRawPath();
    var template = template(path);
    if (template.isEmpty() || !operations(template.get()).containsKey(method)) {
      return;
    }
    var responses =
        operations(template.get()).getJsonObject(method).getJsonObject("responses").getMap();
    var status = String.valueOf(answer.statusCode());
    assertThat(responses.keySet())
        .as("%s %s: %s", method, template.get(), answer.body())
        .contains(status);
    if (type(answer).startsWith("application/json")) {
      requireBody(answer, "/paths/%s/%s/responses/%s", template.get(), method, status);
    }
  }

  private void requireBody(
      HttpResponse<String> answer, String place, String path, String method, String status) {
    var pointer = place.formatted(path.replace("/", "~1"), method, status);
    var response = (JsonObject) at(pointer);
    if (response.getValue("$ref") instanceof String reference) {
      pointer = reference.substring(1);
      response = (JsonObject) at(pointer);
    }
    assertThat(response.fieldNames()).as("%s %s %s", method, path, status).contains("content");
    var schema =
        schemas.computeIfAbsent(
            pointer + "/content/application~1json/schema",
            each -> registry.getSchema(SchemaLocation.of(ID + "#" + each)));
    assertThat(schema.validate(answer.body(), InputFormat.JSON))
        .as("%s %s %s: %s", method, path, status, answer.body())
        .isEmpty();
  }

  private Object at(String pointer) {
    return Objects.requireNonNull(JsonPointer.from(pointer).queryJson(document), pointer);
  }

  private JsonObject operations(String template) {
    return document.getJsonObject("paths").getJsonObject(template);
  }

  /** The path of the document that a request's path fits; the one with the fewest parameters. */
  private Optional<String> template(String path) {
    return document.getJsonObject("paths").fieldNames().stream()
        .filter(each -> path.matches(each.replaceAll("\\{[a-z]+}", "[^/]+").replace(".", "\\.")))
        .min((a, b) -> Long.compare(parameters(a), parameters(b)));
  }

  private static long parameters(String template) {
    return template.chars().filter(c -> c == '{').count();
  }

  private static String type(HttpResponse<String> answer) {
    return answer.headers().firstValue("Content-Type").orElse("");
  }
}
