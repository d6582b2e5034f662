package io.vitrine.api.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.access.quota.Resource;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingKeystone;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests for imports with several faults: which of them is told. The images are Ann's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImportFaultsWireTest {
  private static final String WEB = "'name':'web-download','uri':'ftp://a'";
  private static final String REGION = "'name':'glance-download'";
  private static final String REMOTE = REGION + ",'glance_region':'North','glance_image_id':";

  private final Map<String, String> images = new HashMap<>();
  private TestingKeystone keystone;
  private Path directory;
  private TestingServer server;

  @BeforeAll
  void start() throws Exception {
    keystone = TestingKeystone.start();
    for (var resource : Resource.values()) {
      keystone.register(resource.text(), -1);
    }
    keystone.issue("ann", "ann", "a", "member", "reader");
    keystone.issue("bob", "bob", "b", "member", "reader");
    keystone.issue("root", "root", "r", "admin");
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_IDENTITY__KIND", "keystone",
                "VITRINE_IDENTITY__KEYSTONE__URL", keystone.url(),
                "VITRINE_IDENTITY__KEYSTONE__PASSWORD", TestingKeystone.PASSWORD,
                "VITRINE_QUOTA__SOURCE", "keystone",
                "VITRINE_QUOTA__KEYSTONE__CACHE_TTL", "0s",
                "VITRINE_IMPORT__METHODS",
                    "glance-direct,web-download,copy-image,glance-download"));
    makeImages();
  }

  private void makeImages() throws Exception {
    var ann = api("ann");
    images.put("missing", UUID.randomUUID().toString());
    images.put("queued", ann.create(formatted()));
    images.put("formless", ann.create(new JsonObject().put("visibility", "community")));
    images.put("signed", ann.create(signed()));
    images.put("staged", ann.create(formatted()));
    assertThat(ann.stage(images.get("staged"), new byte[] {1}).statusCode()).isEqualTo(204);
    images.put("active", ann.create(formatted()));
    assertThat(ann.upload(images.get("active"), new byte[] {1}).statusCode()).isEqualTo(204);
  }

  private static JsonObject formatted() {
    return new JsonObject()
        .put("disk_format", "raw")
        .put("container_format", "bare")
        .put("visibility", "community");
  }

  private static JsonObject signed() {
    return formatted()
        .put("img_signature", "AAAA")
        .put("img_signature_hash_method", "SHA-256")
        .put("img_signature_key_type", "RSA-PSS")
        .put("img_signature_certificate_uuid", UUID.randomUUID().toString());
  }

  private TestingApi api(String token) {
    return new TestingApi(server.port(), "X-Auth-Token", token);
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    keystone.close();
    TestingServer.remove(directory);
  }

  private void assertTold(String who, String image, String body, int status, String words)
      throws Exception {
    var path = "/v2/images/" + images.get(image) + "/import";

    var answer = api(who).post(path, new JsonObject(body.replace('\'', '"')));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).containsIgnoringCase(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|method",
        "{'method':{}}|name",
        "{'method':{'name':'floppy'}}|floppy",
        "{'method':{'name':'web-download'},'all_stores':'yes'}|all_stores",
        "{'method':{'name':'copy-image'},'all_stores':null}|all_stores",
        "{'method':{'name':'glance-direct'},'all_stores_must_succeed':1}|all_stores_must_succeed",
        "{'method':{'name':'glance-download'},'all_stores_must_succeed':null}|must_succeed"
      })
  void tellsWhatIsWrongWithTheBodyWhateverTheImageIs(String body, String words) throws Exception {
    for (var image : images.keySet()) {
      assertTold("bob", image, body, 400, words);
    }
  }

  @ParameterizedTest
  @CsvSource({"missing,404,found", "active,409,state", "staged,409,state", "formless,409,format"})
  void tellsTheStateOfTheImageBeforeWhatIsWrongWithASource(String image, int status, String words)
      throws Exception {
    var stores = ",'all_stores':true,'stores':['nowhere']}";
    for (var who : new String[] {"ann", "bob"}) {
      assertTold(who, image, "{'method':{'name':'web-download'}" + stores, status, words);
      assertTold(who, image, "{'method':{" + WEB + "}" + stores, status, words);
      assertTold(who, image, "{'method':{" + REGION + "}" + stores, status, words);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ann|missing|'name':'glance-direct'|404|found",
        "ann|queued|'name':'glance-direct'|409|state",
        "bob|active|'name':'glance-direct'|409|state",
        "bob|staged|'name':'glance-direct'|403|",
        "ann|staged|'name':'glance-direct'|400|one way only",
        "ann|missing|'name':'copy-image'|404|found",
        "ann|queued|'name':'copy-image'|409|state",
        "bob|staged|'name':'copy-image'|409|state",
        "ann|active|'name':'copy-image'|403|",
        "root|active|'name':'copy-image'|400|one way only",
        "bob|queued|" + WEB + "|403|",
        "ann|queued|" + WEB + "|400|one way only",
        "ann|signed|" + WEB + "|400|one way only",
        "bob|queued|" + REGION + "|400|glance_region",
        "bob|queued|" + REGION + ",'glance_region':'North'|400|glance_image_id",
        "bob|queued|" + REMOTE + "'7'|400|UUID",
        "bob|queued|" + REMOTE + "'0a1b2c3d-0000-4000-8000-000000000001'|403|",
        "ann|queued|" + REMOTE + "'0a1b2c3d-0000-4000-8000-000000000001'|400|one way only"
      })
  void tellsWhoMayBeforeTheStores(
      String who, String image, String method, int status, @Nullable String words)
      throws Exception {
    var body = "{'method':{%s},'all_stores':true,'stores':['nowhere']}".formatted(method);

    assertTold(who, image, body, status, Objects.requireNonNullElse(words, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "queued|" + WEB + "|nowhere|409|nowhere",
        "signed|'name':'web-download'|local|400|uri",
        "signed|" + WEB + "|local|400|URL",
        "staged|'name':'glance-direct'|nowhere|409|nowhere",
        "signed|'name':'web-download','uri':'http://example.org/'|nowhere|409|nowhere",
        "signed|'name':'web-download','uri':'http://example.org/'|local|400|certificate"
      })
  void tellsTheStoresBeforeTheSourceAndTheSignatureLast(
      String image, String method, String store, int status, String words) throws Exception {
    var body = "{'method':{%s},'stores':['%s']}".formatted(method, store);

    assertTold("ann", image, body, status, words);
  }

  @ParameterizedTest
  @CsvSource({"nowhere,409", "local,400"})
  void tellsWhereACopyIsAlready(String store, int status) throws Exception {
    var body = "{'method':{'name':'copy-image'},'stores':['%s']}".formatted(store);

    assertTold("root", "active", body, status, store);
  }

  @Test
  void tellsThatAProjectHasTooMuchBeforeTheStateOfTheImage() throws Exception {
    keystone.issue("eve", "eve", "e", "member", "reader");
    var eve = api("eve");
    var id = eve.create(formatted());
    images.put("large", id);
    assertThat(eve.upload(id, new byte[2 << 20]).statusCode()).isEqualTo(204);
    keystone.limit("e", "image_size_total", 1);

    assertTold("eve", "large", "{'method':{" + WEB + "}}", 413, "image_size_total");
    images.remove("large");
  }
}
