package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of images: pages, filters, and what is asked wrongly. */
@ExtendWith(SharedServer.class)
class ImageListsWireTest {
  private final TestingApi api;

  ImageListsWireTest(TestingServer server) {
    this.api = new TestingApi(server.port());
  }

  @Test
  void leadsThroughAllPages() throws Exception {
    var tag = UUID.randomUUID().toString();
    var other = UUID.randomUUID().toString();
    var wanted = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      wanted.add(
          api.create(
              new JsonObject()
                  .put("name", "image " + i)
                  .put("tags", new JsonArray().add(tag).add(other))));
    }
    api.create(new JsonObject().put("tags", new JsonArray().add(tag)));
    var first = "/v2/images?limit=2&tag=" + tag + "&tag=" + other + "&sort=name%3Aasc";

    var seen = new ArrayList<String>();
    var pages = 0;
    for (var link = first; link != null; pages++) {
      var page = new JsonObject(api.call("GET", link).body());
      for (int i = 0; i < page.getJsonArray("images").size(); i++) {
        seen.add(page.getJsonArray("images").getJsonObject(i).getString("id"));
      }
      assertThat(page.getString("first")).isEqualTo(first);
      assertThat(page.getString("schema")).isEqualTo("/v2/schemas/images");
      link = page.getString("next");
    }

    assertThat(seen).isEqualTo(wanted);
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void givesNoNextLinkToAnEmptyPage() throws Exception {
    api.create();

    var page = new JsonObject(api.call("GET", "/v2/images?limit=0").body());

    assertThat(page.getJsonArray("images")).isEmpty();
    assertThat(page.containsKey("next")).isFalse();
  }

  @Test
  void listsTwentyFiveImagesUnlessAskedOtherwise() throws Exception {
    for (int i = 0; i < 26; i++) {
      api.create();
    }

    var page = new JsonObject(api.call("GET", "/v2/images").body());

    assertThat(page.getJsonArray("images")).hasSize(25);
    assertThat(page.getString("next")).startsWith("/v2/images?marker=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=-1",
        "limit=x",
        "limit=99999999999999999999",
        "marker=x",
        "marker=00000000-0000-0000-0000-000000000000",
        "sort_key=owner",
        "sort_dir=up",
        "sort_key=name&sort_key=size&sort_key=id&sort_dir=asc&sort_dir=asc",
        "sort=name&sort_key=name",
        "sort=name:up",
        "visibility=secret",
        "member_status=unknown",
        "name=like:x",
        "name=in:%22x",
        "created_at=yesterday",
        "created_at=about:2026-01-01T00:00:00Z",
        "size_min=x",
        "size=x",
        "protected=True",
        "os_hidden=maybe",
        "changes-since=2026-01-01T00:00:00Z"
      })
  void refusesToList(String query) throws Exception {
    var answer = api.call("GET", "/v2/images?" + query);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
  }

  @Test
  void filtersByWhatTheClientAsksFor() throws Exception {
    var mark = UUID.randomUUID().toString();
    var small =
        api.create(
            new JsonObject()
                .put("name", "a,b:c")
                .put("mark", mark)
                .put("min_ram", 1)
                .put("disk_format", "raw"));
    var large =
        api.create(
            new JsonObject()
                .put("name", "plain")
                .put("mark", mark)
                .put("min_ram", 9)
                .put("protected", true));
    var hidden = api.create(new JsonObject().put("mark", mark).put("os_hidden", true));

    assertThat(ids("mark=" + mark)).containsExactly(large, small);
    assertThat(ids("os_hidden=True&mark=" + mark)).containsExactly(hidden);
    assertThat(ids("name=in:%22a,b:c%22,other&mark=" + mark)).containsExactly(small);
    assertThat(ids("name=eq:plain&mark=" + mark)).containsExactly(large);
    assertThat(ids("min_ram_min=2&mark=" + mark)).containsExactly(large);
    assertThat(ids("min_ram_max=2&mark=" + mark)).containsExactly(small);
    assertThat(ids("protected=true&mark=" + mark)).containsExactly(large);
    assertThat(ids("disk_format=raw&status=queued&mark=" + mark)).containsExactly(small);
    assertThat(ids("created_at=gt:2020-01-01T00:00:00Z&mark=" + mark)).hasSize(2);
    assertThat(ids("created_at=lt:2020-01-01T00:00:00Z&mark=" + mark)).isEmpty();
    assertThat(ids("owner=nobody&mark=" + mark)).isEmpty();
    assertThat(ids("id=" + small)).containsExactly(small);
  }

  private List<String> ids(String query) throws Exception {
    var answer = api.call("GET", "/v2/images?" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body())
        .getJsonArray("images").stream()
            .map(JsonObject.class::cast)
            .map(image -> image.getString("id"))
            .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"public", "private", "shared", "community", "all"})
  void listsByVisibilityAndMore(String visibility) throws Exception {
    var answer = api.call("GET", "/v2/images?disk_format=raw&visibility=" + visibility);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** The filter at the end would not be read, and images be listed that it excludes. */
  @Test
  void refusesMoreParametersThanAreRead() throws Exception {
    var answer = api.call("GET", "/v2/images?" + "tag=a&".repeat(1100) + "name=b");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("1000 parameters");
  }

  @Test
  void listsNothingOfAnEmptyVisibility() throws Exception {
    api.create();

    assertThat(ids("visibility=")).isEmpty();
    assertThat(ids("visibility=all")).isNotEmpty();
  }
}
