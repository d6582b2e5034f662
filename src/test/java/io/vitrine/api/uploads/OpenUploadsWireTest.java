package io.vitrine.api.uploads;

import static io.vitrine.api.uploads.TestingRufh.VERSION;
import static io.vitrine.api.uploads.TestingRufh.part;
import static io.vitrine.api.uploads.TestingRufh.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Open uploads of an image, for clients that have lost where theirs is. */
@ExtendWith(SharedServer.class)
class OpenUploadsWireTest {
  private static final int MIB = 1 << 20;
  private static final byte[] DATA = UploadWireTest.data(3 * MIB + 7);

  private final TestingRufh rufh;
  private final TestingApi api;

  OpenUploadsWireTest(TestingServer server) {
    this.rufh = new TestingRufh(server.port());
    this.api = rufh.api;
  }

  /** An interim answer can get lost like any other. */
  @Test
  void letsAClientFindItsUpload() throws Exception {
    var id = api.create();
    try (var connection =
        rufh.openPut(path(id, "file"), DATA.length, "Upload-Complete: ?1", VERSION)) {
      connection.send(part(DATA, 0, MIB));
      assertThat(connection.readHead().status()).isEqualTo(104);
    }

    var open = open(id);

    assertThat(open).hasSize(1);
    var found = open.getJsonObject(0);
    assertThat(found.getString("kind")).isEqualTo("file");
    assertThat(found.getBoolean("part")).isFalse();
    assertThat(found.getLong("length")).isEqualTo(DATA.length);
    assertThat(found.getString("url") + "/data").isEqualTo(found.getString("data_url"));
    var upload = URI.create(found.getString("data_url")).getPath();
    long offset = rufh.offset(upload);
    var last = rufh.patch(upload, offset, part(DATA, offset, DATA.length), "?1");
    assertThat(last.statusCode()).as(last.body()).isEqualTo(204);
    rufh.assertHasData(id, "file", DATA);
    assertThat(open(id)).isEmpty();
  }

  private JsonArray open(String image) throws Exception {
    var listed = api.call("GET", "/vitrine/v1/images/" + image + "/uploads");
    assertThat(listed.statusCode()).as(listed.body()).isEqualTo(200);
    return new JsonObject(listed.body()).getJsonArray("uploads");
  }
}
