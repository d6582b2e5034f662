package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.images.ListedImages.Listed;
import io.vitrine.app.ServerOfProjects;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Compares lists of images, page by page, with those of a model that filters and sorts in memory.
 */
class ListProperties {
  @SuppressWarnings("NullAway.Init")
  private static ServerOfProjects.Running running;

  /** The last of them owns no image. */
  private static final List<Caller> CALLERS =
      List.of(
          new Caller("u", "a", Set.of("member", "reader")),
          new Caller("u", "b", Set.of("admin", "member", "reader")),
          new Caller("u", "d", Set.of("member", "reader")));

  @BeforeContainer
  static void start() {
    running = ServerOfProjects.Running.start();
  }

  @AfterContainer
  static void stop() throws Exception {
    running.close();
  }

  @Provide
  Arbitrary<List<Listed>> images() {
    return ListedImages.arbitrary();
  }

  @Provide
  Arbitrary<List<WantedList>> lists() {
    return WantedList.arbitrary().list().ofSize(5);
  }

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void havePagesOfTheModelsImages(
      @ForAll("images") List<Listed> images, @ForAll("lists") List<WantedList> lists)
      throws Exception {
    ListedImages.store(images, running.pool());

    for (var list : lists) {
      for (var caller : CALLERS) {
        var wanted = list.of(images, caller);

        assertThat(pages(list, caller))
            .as("%s for %s", list.path(), caller)
            .isEqualTo(pages(wanted, list.limit()));
      }
    }
  }

  @Property(tries = 6, shrinking = ShrinkingMode.OFF)
  void goOnBehindAnyImageThatTheCallerSees(
      @ForAll("images") List<Listed> images, @ForAll("lists") List<WantedList> lists)
      throws Exception {
    ListedImages.store(images, running.pool());

    for (var caller : CALLERS) {
      for (var marker : images) {
        var list = lists.getFirst();
        var answer = api(caller).call("GET", list.path() + "&marker=" + marker.image().id());
        if (!marker.isVisibleTo(caller)) {
          assertThat(answer.statusCode()).as("%s for %s", marker, caller).isEqualTo(400);
          continue;
        }
        var behind =
            list.of(images, caller).stream()
                .filter(image -> list.order().compare(image, marker.image()) > 0)
                .limit(list.limit());

        assertThat(ids(new JsonObject(answer.body())))
            .as("%s behind %s for %s", list.path(), marker, caller)
            .isEqualTo(behind.map(image -> image.id().toString()).toList());
      }
    }
  }

  private static TestingApi api(Caller caller) {
    return running
        .server()
        .as(Objects.requireNonNull(caller.project()), String.join(",", caller.roles()));
  }

  /** The ids on each page, as the links lead from one to the next. */
  private static List<List<String>> pages(WantedList list, Caller caller) throws Exception {
    var pages = new ArrayList<List<String>>();
    for (var path = list.path(); path != null; ) {
      var answer = api(caller).call("GET", path);
      assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
      var page = new JsonObject(answer.body());
      pages.add(ids(page));
      path = page.getString("next");
    }
    return pages;
  }

  private static List<String> ids(JsonObject page) {
    return page.getJsonArray("images", new JsonArray()).stream()
        .map(image -> ((JsonObject) image).getString("id"))
        .toList();
  }

  /** A full page has a next one, even if that is empty. */
  private static List<List<String>> pages(List<Image> images, int limit) {
    var ids = images.stream().map(image -> image.id().toString()).toList();
    var pages = new ArrayList<List<String>>();
    for (int from = 0; from <= ids.size(); from += limit) {
      pages.add(ids.subList(from, Math.min(from + limit, ids.size())));
    }
    return pages;
  }
}
