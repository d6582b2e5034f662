package io.vitrine.api.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.config.ConfigException;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.image.edit.ImagePatch;
import io.vitrine.image.edit.ImagePatch.Change;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSchemaTest {
  private static final ImageLimits LIMITS =
      new ImageLimits(List.of("raw"), List.of("bare"), -1, -1);
  private static final String FLAVOUR =
      """
      {"flavour": {"type": ["null", "string"], "description": "Taste", "enum": [null, "sweet", "sour"]}}
      """;

  @TempDir private Path directory = Path.of("");

  @Test
  void showsWhatIsDescribedAsNotItsOwn() throws Exception {
    var properties = schema(FLAVOUR).served().getJsonObject("properties");

    assertThat(properties.getJsonObject("flavour").getValue("is_base")).isEqualTo(false);
    assertThat(properties.getJsonObject("flavour").getString("description")).isEqualTo("Taste");
    assertThat(properties.getJsonObject("name").containsKey("is_base")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'name': null, 'min_disk': 0, 'min_ram': 2147483647, 'tags': ['a'], 'other': 'x'}",
        "{'id': '71C675AB-d94f-49cd-a114-e12490b328d9', 'disk_format': 'raw', 'container_format':"
            + " null}",
        "{'flavour': 'sour'}",
        "{'flavour': null}"
      })
  void takesWhatIsValid(String image) throws Exception {
    var json = json(image);

    assertThat(schema(FLAVOUR).requireNew(json)).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'name': 7}                    | /name: integer found, [null, string] expected
          {'visibility': 'everyone'}     | /visibility: does not have a value in the enumeration
          {'protected': 'true'}          | /protected: string found, boolean expected
          {'disk_format': 'floppy'}      | /disk_format: does not have a value in the enumeration [null, "raw"]
          {'min_disk': -1}               | /min_disk: must have a minimum value of 0
          {'min_ram': 2147483648}        | /min_ram: must have a maximum value of 2147483647
          {'min_ram': 1e300}             | too large
          {'tags': [1]}                  | /tags/0: integer found, string expected
          {'tags': null}                 | /tags: null found, array expected
          {'other': 7}                   | /other: integer found, string expected
          {'other': null}                | /other: null found, string expected
          {'flavour': 'bitter'}          | /flavour: does not have a value in the enumeration [null, "sweet", "sour"]
          """)
  void namesWhatIsWrongAndWhatIsAllowed(String image, String fault) throws Exception {
    var schema = schema(FLAVOUR);

    assertProblem(Problem.Invalid.class, fault, () -> schema.requireNew(json(image)));
    json(image)
        .forEach(
            entry ->
                assertProblem(
                    Problem.Invalid.class,
                    fault,
                    () -> schema.require(patch(new Change.Add(entry.getKey(), entry.getValue())))));
  }

  @Test
  void checksTheIdOfNewImages() throws Exception {
    var schema = schema(FLAVOUR);

    assertProblem(
        Problem.Invalid.class,
        "/id: does not match the regex",
        () -> schema.requireNew(json("{'id': '71c675ab'}")));
  }

  @Test
  void forbidsFirstWhatUsersDoNotWrite() throws Exception {
    var schema = schema(FLAVOUR);

    assertProblem(
        Problem.Forbidden.class,
        "'size'",
        () -> schema.requireNew(json("{'name': 7, 'size': 'x'}")));
    assertProblem(
        Problem.Forbidden.class, "'id'", () -> schema.require(patch(new Change.Replace("id", 7))));
  }

  @Test
  void needsOfNewImagesWhatIsRequired() throws Exception {
    var schema = schema("{'properties': %s, 'required': ['flavour']}".formatted(FLAVOUR));

    assertThat(schema.served().getJsonArray("required")).isEqualTo(new JsonArray().add("flavour"));
    assertProblem(
        Problem.Invalid.class,
        "required property 'flavour' not found",
        () -> schema.requireNew(json("{'name': 'x'}")));
    assertProblem(
        Problem.Forbidden.class,
        "flavour",
        () -> schema.require(patch(new Change.Remove("flavour"))));
    assertThat(schema.require(patch(new Change.Replace("name", "x"), new Change.Remove("other"))))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'properties': {}, 'required': []}", "{'properties': {}}"})
  void describesNothing(String file) throws Exception {
    assertThat(schema(file).served()).isEqualTo(Schemas.image(LIMITS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [                                          | does not hold a JSON object
          []                                         | does not hold a JSON object
          {'x': 7}                                   | /properties/x: integer found, object expected
          {'x': {'type': 'text'}}                    | /properties/x/type: does not have a value
          {'x': {'type': 'string', 'pattern': '('}}  | /properties/x/pattern: does not match
          {'x': {'type': 'integer'}}                 | /properties/x/type: the type must be "string"
          {'x': {'type': ['array', 'string']}}       | /properties/x/type: the type must be "string"
          {'properties': {}, 'required': 'x'}        | /required: string found, array expected
          {'name': {'type': 'string'}}               | name is a property of every image and cannot be described
          """)
  void refusesFilesThatCannotBeUsed(String file, String fault) {
    assertThatThrownBy(() -> schema(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("image.schema_file: ")
        .hasMessageContaining(fault);
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertThatThrownBy(() -> DescribedProperties.read(directory.resolve("none")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cannot be read");
  }

  private ImageSchema schema(String quoted) throws Exception {
    var file = Files.writeString(directory.resolve("schema.json"), quoted.replace('\'', '"'));
    return new ImageSchema(LIMITS, DescribedProperties.read(file));
  }

  private static JsonObject json(String quoted) {
    return new JsonObject(quoted.replace('\'', '"'));
  }

  private static ImagePatch patch(Change... changes) {
    return new ImagePatch(List.of(changes));
  }

  private static void assertProblem(
      Class<? extends Problem> type, String detail, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> {
              assertThat(failure.problem()).isInstanceOf(type);
              assertThat(failure.problem().detail()).contains(detail);
            });
  }
}
