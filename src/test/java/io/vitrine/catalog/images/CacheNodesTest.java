package io.vitrine.catalog.images;

import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.image.ImageId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestingCatalog.class)
class CacheNodesTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final ImageId image = new ImageId(UUID.randomUUID());
  private final String prefix = "http://" + UUID.randomUUID() + "/";
  private final Pool pool;

  CacheNodesTest(Pool pool) {
    this.pool = pool;
  }

  private CacheNodes node(String name) {
    return new CacheNodes(pool, prefix + name);
  }

  private void tell(String name, Duration validFor, ImageId... images) throws Exception {
    result(node(name).tell(List.of(images), validFor));
  }

  private List<String> having() throws Exception {
    return result(node("any").having(image));
  }

  @Test
  void namesTheNodesThatHaveAnImage() throws Exception {
    tell("b", LONG, image);
    tell("a", LONG, image, new ImageId(UUID.randomUUID()));
    tell("c", LONG);

    assertThat(having()).containsExactly(prefix + "a", prefix + "b");
  }

  @Test
  void forgetsWhatANodeHasNoMore() throws Exception {
    tell("a", LONG, image);
    tell("b", LONG, image);
    tell("c", Duration.ZERO, image);

    tell("a", LONG);
    result(node("b").leave());

    assertThat(having()).isEmpty();
  }

  @Test
  void forgetsNodesThatWentWithoutAWord() throws Exception {
    tell("gone", LONG, image);
    tell("late", LONG, image);
    age("gone", 25);
    age("late", 23);

    tell("alive", LONG);

    assertThat(
            result(
                    pool.preparedQuery("select from cache_entries where node = $1")
                        .execute(Tuple.of(prefix + "gone")))
                .size())
        .isZero();
    tell("late", LONG, image);
    assertThat(having()).containsExactly(prefix + "late");
  }

  private void age(String name, int hours) throws Exception {
    result(
        pool.preparedQuery(
                "update cache_nodes set seen_until = now() - $2 * interval '1 hour' where url = $1")
            .execute(Tuple.of(prefix + name, hours)));
  }
}
