package io.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import io.vertx.openapi.contract.OpenAPIVersion;
import io.vitrine.api.schema.DescribedProperties;
import io.vitrine.api.schema.ImageSchema;
import io.vitrine.image.edit.ImageLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class OpenApiTest {
  private static final OpenApi API =
      new OpenApi(
          new ImageSchema(
              new ImageLimits(List.of("raw"), List.of("bare"), -1, -1),
              DescribedProperties.builtin()));

  private final JsonObject document = API.document();

  @Test
  void isAnOpenApiDocument(Vertx vertx, VertxTestContext test) {
    OpenAPIVersion.V3_1
        .getRepository(vertx, "https://vitrine.example/")
        .compose(schemas -> OpenAPIVersion.V3_1.validateContract(vertx, schemas, document))
        .onComplete(
            test.succeeding(
                checked ->
                    test.verify(
                        () -> {
                          assertThat(checked.getValid()).isTrue();
                          test.completeNow();
                        })));
  }

  @Test
  void describesEveryOperation() {
    var tags =
        document.getJsonArray("tags").stream().map(it -> ((JsonObject) it).getString("name"));
    var known = tags.toList();

    assertThat(operations()).extracting(it -> it.getString("operationId")).doesNotHaveDuplicates();
    assertThat(operations())
        .allSatisfy(
            operation -> {
              assertThat(operation.getString("summary")).isNotBlank();
              assertThat(operation.getJsonArray("tags")).isNotEmpty().isSubsetOf(known);
              assertThat(operation.getJsonObject("responses").fieldNames())
                  .contains("400", "404", "500", "503")
                  .anyMatch(status -> status.startsWith("2"));
            });
  }

  @Test
  void refersToWhatIsThereAndUsesAllOfIt() {
    var references = references(document);

    assertThat(references)
        .allSatisfy(
            reference ->
                assertThat(JsonPointer.from(reference.substring(1)).queryJson(document))
                    .as(reference)
                    .isNotNull());
    assertThat(references).containsAll(components());
  }

  @Test
  void namesEveryParameterOfAPath() {
    for (var path : document.getJsonObject("paths")) {
      var item = (JsonObject) path.getValue();
      var told =
          item.getJsonArray("parameters", new JsonArray()).stream()
              .map(it -> resolve((JsonObject) it).getString("name"))
              .toList();

      var named = Stream.of(path.getKey().split("/")).filter(part -> part.startsWith("{"));

      assertThat(named.map(part -> part.substring(1, part.length() - 1)))
          .as(path.getKey())
          .containsExactlyElementsOf(told);
    }
  }

  @Test
  void listsNoValueThatItsTypeForbids() {
    var schemas = document.getJsonObject("components").getJsonObject("schemas");

    var type =
        schemas.getJsonObject("PropertyFields").getJsonObject("properties").getJsonObject("type");

    assertThat(type.getString("type")).isEqualTo("string");
    assertThat(type.getJsonArray("enum")).contains("array").doesNotContainNull();
  }

  /** Glance's schemas mark extra properties, which OpenAPI does not know. */
  @Test
  void hasNoMarksOfExtraProperties() {
    assertThat(document.encode()).contains("\"kernel_id\"").doesNotContain("\"is_base\":false");
  }

  @Test
  void hasTheFormatsOfTheDeployment() {
    var image = document.getJsonObject("components").getJsonObject("schemas");

    var format =
        image.getJsonObject("ImageFields").getJsonObject("properties").getJsonObject("disk_format");

    assertThat(format.getJsonArray("enum")).isEqualTo(new JsonArray().addNull().add("raw"));
  }

  @Test
  void mustTellOfTheRoutesAndOfNothingElse() {
    var routes = Map.of("/images/:image", Set.of("GET"), "/unheard", Set.of("POST"));

    assertThatThrownBy(() -> API.requireSame("/v2", routes))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("/v2/unheard=[POST]")
        .hasMessageContaining("/v2/images/{image}=[DELETE, GET, PATCH]");
  }

  private List<JsonObject> operations() {
    var operations = new ArrayList<JsonObject>();
    for (var path : document.getJsonObject("paths")) {
      for (var each : (JsonObject) path.getValue()) {
        if (!each.getKey().equals("parameters")) {
          operations.add((JsonObject) each.getValue());
        }
      }
    }
    return operations;
  }

  private List<String> components() {
    var components = new ArrayList<String>();
    for (var kind : document.getJsonObject("components")) {
      if (!kind.getKey().equals("securitySchemes")) {
        for (var name : ((JsonObject) kind.getValue()).fieldNames()) {
          components.add("#/components/%s/%s".formatted(kind.getKey(), name));
        }
      }
    }
    return components;
  }

  private JsonObject resolve(JsonObject given) {
    return given.getValue("$ref") instanceof String reference
        ? Objects.requireNonNull(
            (JsonObject) JsonPointer.from(reference.substring(1)).queryJson(document))
        : given;
  }

  private static List<String> references(@Nullable Object json) {
    var found = new ArrayList<String>();
    switch (json) {
      case null -> {}
      case JsonObject object -> {
        object.getMap().values().forEach(each -> found.addAll(references(each)));
        if (object.getValue("$ref") instanceof String reference) {
          found.add(reference);
        }
      }
      case JsonArray array -> array.forEach(each -> found.addAll(references(each)));
      default -> {}
    }
    return found;
  }
}
