package io.vitrine.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vitrine.api.filter.FuzzedRequests;
import io.vitrine.api.schema.DescribedProperties;
import io.vitrine.api.schema.ImageSchema;
import io.vitrine.image.edit.ImageLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Holds answers to what the OpenAPI document says of them, with the formats of the defaults. */
public final class ApiContract {
  private static final String ID = "https://vitrine.example/openapi.json";
  private static final ImageLimits LIMITS =
      new ImageLimits(
          List.of(
              "ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop",
              "luks", "gpt"),
          List.of("ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed"),
          -1,
          -1);

  private static final ApiContract CONTRACT =
      new ApiContract(
          new OpenApi(new ImageSchema(LIMITS, DescribedProperties.builtin())).document());

  private final JsonObject document;
  private final SchemaRegistry registry;
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  /** The templates of paths, those with the fewest parameters first. */
  private final List<Template> templates;

  private record Template(String text, Pattern pattern) {}

  private ApiContract(JsonObject document) {
    this.document = document;
    templates =
        document.getJsonObject("paths").fieldNames().stream()
            .sorted(Comparator.comparingLong(ApiContract::parameters))
            .map(path -> new Template(path, Pattern.compile(regex(path))))
            .toList();
    registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemas(Map.of(ID, document.encode())));
  }

  /** Fails if the status is none of the operation's, or the JSON not as its schema says. */
  static void check(HttpResponse<String> answer) {
    var type = answer.headers().firstValue("Content-Type").orElse("");
    var fault =
        CONTRACT.fault(
            new Answer(
                answer.request().method(),
                answer.uri().getRawPath(),
                answer.statusCode(),
                type,
                answer.body()));
    assertThat(fault).isEmpty();
  }

  /** What is wrong with an answer on a connection, if something is. */
  public static Optional<String> fault(FuzzedRequests.Request request, RawConnection.Answer answer)
      throws IOException {
    var type = answer.headers().getOrDefault("content-type", "");
    var path = request.target().split("\\?", 2)[0];
    return CONTRACT.fault(new Answer(request.method(), path, answer.status(), type, body(answer)));
  }

  /** The text of a body; the connection reads bytes as characters. */
  private static String body(RawConnection.Answer answer) throws IOException {
    var bytes = answer.body().getBytes(ISO_8859_1);
    if (!"gzip".equals(answer.headers().get("content-encoding"))) {
      return new String(bytes, UTF_8);
    }
    try (var plain = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(plain.readAllBytes(), UTF_8);
    }
  }

  public static JsonObject document() {
    return CONTRACT.document;
  }

  /** An answer to a request for a path. */
  private record Answer(String method, String path, int status, String type, String body) {}

  private Optional<String> fault(Answer answer) {
    var template = template(answer.path());
    var operation =
        template.map(it -> operations(it).getJsonObject(answer.method().toLowerCase(Locale.ROOT)));
    if (template.isEmpty() || operation.isEmpty()) {
      return Optional.empty();
    }
    var pointer =
        "/paths/%s/%s/responses/%d"
            .formatted(
                template.get().replace("/", "~1"),
                answer.method().toLowerCase(Locale.ROOT),
                answer.status());
    if (!operation.get().getJsonObject("responses").containsKey("" + answer.status())) {
      return Optional.of("%s is not told: %s".formatted(pointer, answer.body()));
    }
    // The answer to HEAD tells the type of a body that does not come.
    return answer.type().startsWith("application/json") && !answer.method().equals("HEAD")
        ? bodyFault(pointer, answer.body())
        : Optional.empty();
  }

  private Optional<String> bodyFault(String place, String body) {
    var response = (JsonObject) at(place);
    var pointer =
        response.getValue("$ref") instanceof String reference ? reference.substring(1) : place;
    if (!((JsonObject) at(pointer)).containsKey("content")) {
      return Optional.of("%s has a body: %s".formatted(place, body));
    }
    var schema =
        schemas.computeIfAbsent(
            pointer + "/content/application~1json/schema",
            each -> registry.getSchema(SchemaLocation.of(ID + "#" + each)));
    var errors = schema.validate(body, InputFormat.JSON);
    return errors.isEmpty()
        ? Optional.empty()
        : Optional.of("%s: %s in %s".formatted(place, errors, body));
  }

  private Object at(String pointer) {
    return Objects.requireNonNull(JsonPointer.from(pointer).queryJson(document), pointer);
  }

  private JsonObject operations(String template) {
    return document.getJsonObject("paths").getJsonObject(template);
  }

  /** The template that a request's path fits; the one with the fewest parameters. */
  private Optional<String> template(String path) {
    return templates.stream()
        .filter(each -> each.pattern().matcher(path).matches())
        .map(Template::text)
        .findFirst();
  }

  private static String regex(String template) {
    return template.replaceAll("\\{[a-z]+}", "[^/]+").replace(".", "\\.");
  }

  private static long parameters(String template) {
    return template.chars().filter(c -> c == '{').count();
  }
}
