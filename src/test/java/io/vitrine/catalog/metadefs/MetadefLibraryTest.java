package io.vitrine.catalog.metadefs;

import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.metadef.LoadMode;
import io.vitrine.metadef.NamespaceDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestingCatalog.class)
class MetadefLibraryTest {
  private static final String FULL =
      """
      {
        "namespace": "Sample::Full", "display_name": "Sample", "description": "Everything there is.",
        "visibility": "public", "protected": true, "owner": "someone",
        "resource_type_associations": [{"name": "OS::Nova::Server", "prefix": "hw:", "properties_target": "image"}],
        "properties": {
          "z": {"title": "Z", "name": "z", "type": "integer", "minimum": 0, "default": 1.5, "enum": [3, 1, 2]},
          "a": {"title": "A", "type": "array", "items": {"type": "string", "enum": ["<", ">"]}, "operators": ["<or>"]}
        },
        "objects": [{"name": "O", "description": "o", "required": ["x"], "properties": {"x": {"title": "X", "type": "string"}}}],
        "tags": [{"name": "b"}, {"name": "a"}]
      }
      """;

  private final MetadefLibrary library;
  @TempDir private Path directory = Path.of("");

  MetadefLibraryTest(Pool pool) {
    this.library = new MetadefLibrary(pool);
  }

  @BeforeEach
  void empty() throws Exception {
    result(library.unload());
  }

  @Test
  void writesWhatItRead() throws Exception {
    Files.writeString(directory.resolve("full.json"), FULL);
    Files.writeString(directory.resolve("README"), "not this one");
    var found = MetadefFiles.read(directory);
    for (var document : found.documents()) {
      result(library.load(document, LoadMode.SKIP));
    }

    MetadefFiles.write(directory.resolve("out"), result(library.export()));

    var written = Files.readString(directory.resolve("out/Sample-Full.json"));
    assertThat(found.faults()).isEmpty();
    assertThat(new JsonObject(written)).isEqualTo(new JsonObject(FULL));
    assertThat(written.indexOf("\"z\"")).isLessThan(written.indexOf("\"a\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'namespace': 'n'}",
        "{'namespace': 'n', 'visibility': 'private', 'protected': false}",
        "{'namespace': 'n', 'visibility': 'public'}",
        "{'namespace': 'n', 'protected': true}",
        "{'namespace': 'n', 'owner': 'admin'}",
        "{'namespace': 'n', 'owner': 'someone'}",
        "{'namespace': 'n', 'display_name': '', 'description': ''}",
        "{'namespace': 'n', 'resource_type_associations': [], 'properties': {}, 'objects': [],"
            + " 'tags': []}",
        "{'namespace': 'n', 'objects': [{'name': 'o', 'required': [], 'properties': {}}]}"
      })
  void spellsDefaultsOutWhereTheFileDid(String quoted) throws Exception {
    var json = quoted.replace('\'', '"');
    result(library.load(document(json), LoadMode.SKIP));

    var exported = result(library.export()).getFirst();

    assertThat(new JsonObject(exported.toJson())).isEqualTo(new JsonObject(json));
  }

  @ParameterizedTest
  @CsvSource({
    "SKIP,'{\"namespace\":\"n\",\"tags\":[]}'",
    "MERGE,'{\"namespace\":\"n\",\"tags\":[]}'",
    "PREFER_NEW,'{\"namespace\":\"n\",\"protected\":false}'",
    "OVERWRITE,'{\"namespace\":\"n\",\"protected\":false}'"
  })
  void spellsAsTheFileThatCounts(LoadMode mode, String expected) throws Exception {
    result(library.load(document("{\"namespace\": \"n\", \"tags\": []}"), LoadMode.SKIP));

    result(library.load(document("{\"namespace\": \"n\", \"protected\": false}"), mode));

    assertThat(new JsonObject(result(library.export()).getFirst().toJson()).encode())
        .isEqualTo(expected);
  }

  @Test
  void givesEachNamespaceAFileOfItsOwn() throws Exception {
    for (var name : List.of("a:b", "a-b", "../etc")) {
      result(library.load(document("{\"namespace\": \"" + name + "\"}"), LoadMode.SKIP));
    }

    MetadefFiles.write(directory, result(library.export()));

    assertThat(directory)
        .isDirectoryContaining("glob:**/a-b.json")
        .isDirectoryContaining("glob:**/a-b-2.json")
        .isDirectoryContaining("glob:**/-etc.json");
    assertThat(Files.readString(directory.resolve("a-b.json"))).doesNotContain("owner");
  }

  @Test
  void namesFilesThatHoldNoNamespace() throws Exception {
    Files.writeString(directory.resolve("1.json"), "[]");
    Files.writeString(directory.resolve("2.json"), "{");
    Files.writeString(directory.resolve("3.json"), "{\"display_name\": \"x\"}");
    Files.writeString(directory.resolve("4.json"), "{\"namespace\": \"x\", \"tags\": [1]}");
    Files.writeString(directory.resolve("5.json"), "{\"namespace\": \"x\", \"objects\": {}}");
    Files.writeString(directory.resolve("6.json"), "{\"namespace\": \"x\"}");

    var found = MetadefFiles.read(directory);

    assertThat(found.faults()).hasSize(5).allMatch(fault -> fault.contains(".json: "));
    assertThat(found.documents()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "SKIP,false,old,1,'[old]'",
    "MERGE,true,old,1,'[old, both, new]'",
    "PREFER_NEW,true,new,2,'[old, both, new]'",
    "OVERWRITE,true,new,2,'[both, new]'"
  })
  void mergesAsAskedFor(LoadMode mode, boolean isLoaded, String title, int minimum, String tags)
      throws Exception {
    result(library.load(document(version("old", 1, "old")), LoadMode.SKIP));

    var answer = result(library.load(document(version("new", 2, "both", "new")), mode));

    var json = new JsonObject(result(library.export()).getFirst().toJson());
    var names = json.getJsonArray("tags").stream().map(tag -> ((JsonObject) tag).getString("name"));
    assertThat(answer).isEqualTo(isLoaded);
    assertThat(json.getString("display_name")).isEqualTo(title);
    assertThat(json.getJsonObject("properties").getJsonObject("p").getInteger("minimum"))
        .isEqualTo(minimum);
    assertThat(names.toList()).hasToString(tags);
  }

  @Test
  void fillsAnEmptyCatalogOnce() throws Exception {
    var first = document("{\"namespace\": \"x\", \"display_name\": \"first\"}");
    var second = document("{\"namespace\": \"x\", \"display_name\": \"second\"}");

    var loaded =
        List.of(
            library.seed(List.of(first, second)),
            library.seed(List.of(first)),
            library.seed(List.of(first)));

    assertThat(loaded.stream().map(MetadefLibraryTest::await)).containsExactlyInAnyOrder(1, 0, 0);
    assertThat(result(library.export())).containsExactly(first);
  }

  @Test
  void readsWhatComesWithTheProgram() throws Exception {
    var loaded = result(library.seed(MetadefFiles.builtin()));

    assertThat(loaded).isEqualTo(MetadefFiles.builtin().size());
    assertThat(result(library.export())).isEqualTo(MetadefFiles.builtin());
  }

  /** The namespaces that Glance's distributions define, which have no others' names. */
  @Test
  void readsWhatComesBesideTheProgram() throws Exception {
    var found = MetadefFiles.read(Path.of("conf/metadefs"));

    assertThat(found.faults()).isEmpty();
    assertThat(found.documents())
        .extracting(document -> document.namespace().name())
        .contains("OS::Compute::LibvirtImage", "OS::OperatingSystem", "OS::Software::Runtimes")
        .doesNotHaveDuplicates()
        .hasSize(33);
    assertThat(result(library.seed(found.documents()))).isEqualTo(33);
  }

  private static int await(Future<Integer> count) {
    return count.await();
  }

  private static String version(String title, int minimum, String... tags) {
    return """
    {"namespace": "n", "display_name": "%s", "properties": {"p": {"title": "P", "type": "integer", "minimum": %d}},
     "tags": [%s]}
    """
        .formatted(
            title,
            minimum,
            String.join(
                ", ", List.of(tags).stream().map("{\"name\": \"%s\"}"::formatted).toList()));
  }

  private static NamespaceDocument document(String json) {
    return NamespaceDocument.parse(new JsonObject(json).getMap(), "admin");
  }
}
