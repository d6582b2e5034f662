package io.vitrine.catalog.images;

import static io.vitrine.catalog.TestingCatalog.ADMIN;
import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.problem;
import static io.vitrine.catalog.TestingCatalog.result;
import static io.vitrine.image.problem.ProblemException.conflict;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.image.Image;
import io.vitrine.image.edit.ImageChange;
import io.vitrine.image.problem.Problem;
import java.util.ArrayList;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestingCatalog.class)
class ImageCatalogTest {
  private final Pool pool;
  private final ImageCatalog catalog;

  ImageCatalogTest(Pool pool) {
    this.pool = pool;
    this.catalog = new ImageCatalog(pool);
  }

  @Test
  void keepsAnImageAsItIs() throws Exception {
    var image = ImageListTest.random(new Random(1), 1);

    var created = result(catalog.create(image));

    assertThat(created)
        .usingRecursiveComparison()
        .ignoringFields("content.size", "state.status")
        .isEqualTo(image);
    assertThat(result(catalog.get(image.id(), ADMIN))).isEqualTo(created);
  }

  @Test
  void neverGivesAnIdAwayTwice() throws Exception {
    var image = image();
    result(catalog.create(image));

    assertThat(problem(catalog.create(image))).isInstanceOf(Problem.Conflict.class);
    result(catalog.delete(image.id(), ALICE, PERMITTED));
    assertThat(problem(catalog.create(image))).isInstanceOf(Problem.Conflict.class);
    assertThat(problem(catalog.get(image.id(), ADMIN))).isInstanceOf(Problem.NotFound.class);
    assertThat(problem(catalog.delete(image.id(), ADMIN, PERMITTED)))
        .isInstanceOf(Problem.NotFound.class);
    assertThat(result(catalog.list(ImageListTest.query(), ADMIN)).images()).isEmpty();
  }

  @Test
  void keepsAProtectedImage() throws Exception {
    var image = image();
    result(catalog.create(image));
    result(pool.query("update images set protected = true").execute());

    assertThat(problem(catalog.delete(image.id(), ADMIN, PERMITTED)))
        .isInstanceOf(Problem.Forbidden.class);
    assertThat(result(catalog.get(image.id(), ALICE)).isProtected()).isTrue();
  }

  @Test
  void changesAllOrNothing() throws Exception {
    var image = result(catalog.create(image()));
    var other = ImageListTest.random(new Random(2), 2);

    var refused =
        problem(
            catalog.update(
                image.id(),
                ALICE,
                PERMITTED,
                seen -> {
                  throw conflict("no");
                }));
    var changed =
        result(
                catalog.update(
                    image.id(), ALICE, PERMITTED, seen -> with(seen, other.name(), other.tags())))
            .after();

    assertThat(refused).isInstanceOf(Problem.Conflict.class);
    assertThat(changed.name()).isEqualTo(other.name());
    assertThat(changed.tags()).isEqualTo(other.tags());
    assertThat(result(catalog.get(image.id(), ALICE))).isEqualTo(changed);
  }

  @Test
  void letsChangesAtTheSameTimeFollowEachOther() throws Exception {
    var image = result(catalog.create(image()));
    var changes = new ArrayList<Future<ImageChange>>();

    for (int i = 0; i < 20; i++) {
      var tag = "t" + i;
      changes.add(
          catalog.update(
              image.id(),
              ALICE,
              PERMITTED,
              seen -> {
                var tags = new TreeSet<>(seen.tags());
                tags.add(tag);
                return with(seen, seen.name(), tags);
              }));
    }
    result(Future.all(changes));

    assertThat(result(catalog.get(image.id(), ALICE)).tags()).hasSize(20);
  }

  private static Image with(Image image, @Nullable String name, SortedSet<String> tags) {
    return image.with(
        new Image.Metadata(name, image.metadata().requirements(), tags, image.properties()));
  }
}
