package io.vitrine.catalog.images;

import static io.vitrine.catalog.TestingCatalog.ADMIN;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.problem;
import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Image;
import io.vitrine.image.problem.Problem;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A connection may be lost before or after its server has committed the image. */
@ExtendWith(TestingCatalog.class)
class InsertionTest {
  private final Pool pool;

  InsertionTest(Pool pool) {
    this.pool = pool;
  }

  private Future<Image> insert(Image image, Supplier<Future<Image>> first) {
    return Transactions.alone(pool, first, connection -> Insertion.once(connection, image));
  }

  private static <T> Future<T> lost() {
    return Future.failedFuture(ClosedConnectionException.INSTANCE);
  }

  @Test
  void addsTheImageWhenItWasLost() throws Exception {
    var image = image();

    var added = result(insert(image, InsertionTest::lost));

    assertThat(added.id()).isEqualTo(image.id());
    assertThat(result(new ImageCatalog(pool).get(image.id(), ADMIN))).isEqualTo(added);
  }

  @Test
  void findsTheImageWhenOnlyTheAnswerWasLost() throws Exception {
    var image = image();

    var added =
        result(
            insert(image, () -> Insertion.of(pool, image).compose(done -> InsertionTest.lost())));

    assertThat(result(new ImageCatalog(pool).get(image.id(), ADMIN))).isEqualTo(added);
  }

  @Test
  void doesNotTakeTheImageOfAnotherForItsOwn() throws Exception {
    var image = image();
    var state = image.state();
    var older =
        new Image(
            image.id(),
            new Image.State(
                state.status(),
                state.ownership(),
                state.createdAt().minus(Duration.ofNanos(1000)),
                state.updatedAt()),
            image.metadata(),
            image.content());
    result(Insertion.of(pool, older));

    assertThat(problem(insert(image, InsertionTest::lost))).isInstanceOf(Problem.Conflict.class);
    assertThat(problem(insert(image, () -> Insertion.of(pool, image))))
        .isInstanceOf(Problem.Conflict.class);
  }
}
