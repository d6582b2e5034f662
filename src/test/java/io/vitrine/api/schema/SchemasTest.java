package io.vitrine.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Visibility;
import io.vitrine.image.edit.ImageLimits;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchemasTest {
  private final JsonObject image =
      Schemas.image(new ImageLimits(List.of("raw", "qcow2"), List.of("bare"), -1, -1));

  private final JsonObject properties = image.getJsonObject("properties");

  @Test
  void showsTheFormatsOfTheDeployment() {
    assertThat(names("disk_format")).isEqualTo(new JsonArray().addNull().add("raw").add("qcow2"));
    assertThat(names("container_format")).isEqualTo(new JsonArray().addNull().add("bare"));
  }

  @Test
  void showsTheStatusesAndVisibilitiesThatThereAre() {
    assertThat(names("status"))
        .map(Object::toString)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ImageStatus.values()).map(ImageStatus::text).toList());
    assertThat(names("visibility"))
        .map(Object::toString)
        .containsExactlyInAnyOrderElementsOf(Visibility.NAMES);
  }

  @Test
  void marksWhatOnlyTheServiceWrites() {
    var readOnly =
        properties.fieldNames().stream()
            .filter(name -> properties.getJsonObject(name).getBoolean("readOnly", false));

    assertThat(readOnly)
        .containsAll(
            Set.of(
                "status", "size", "virtual_size", "checksum", "created_at", "updated_at", "self"))
        .doesNotContain("id", "name", "tags", "disk_format", "visibility", "owner");
  }

  @Test
  void allowsTextsBesides() {
    assertThat(image.getString("name")).isEqualTo("image");
    assertThat(image.getJsonObject("additionalProperties"))
        .isEqualTo(new JsonObject().put("type", "string"));
    assertThat(relations(image)).containsExactlyInAnyOrder("self", "enclosure", "describedby");
  }

  @Test
  void describesListsByTheirItems() {
    var images = Schemas.images(image);

    assertThat(images.getString("name")).isEqualTo("images");
    assertThat(images.getJsonObject("properties").fieldNames())
        .containsExactlyInAnyOrder("images", "first", "next", "schema");
    assertThat(images.getJsonObject("properties").getJsonObject("images").getJsonObject("items"))
        .isEqualTo(image);
    assertThat(relations(images)).containsExactlyInAnyOrder("first", "next", "describedby");
  }

  private JsonArray names(String property) {
    return properties.getJsonObject(property).getJsonArray("enum");
  }

  private static List<String> relations(JsonObject schema) {
    return schema.getJsonArray("links").stream()
        .map(link -> ((JsonObject) link).getString("rel"))
        .toList();
  }
}
