package io.vitrine.catalog.events;

import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.FORBIDDEN;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.problem;
import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.catalog.events.OutboxQueue.Waiting;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.ImageId;
import io.vitrine.notification.Notification;
import io.vitrine.notification.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestingCatalog.class)
class OutboxTest {
  private static final Duration LONG = Duration.ofDays(1);

  private final Pool pool;
  private final String sink = "sink-" + UUID.randomUUID();
  private final OutboxQueue queue;

  OutboxTest(Pool pool) {
    this.pool = pool;
    queue = new OutboxQueue(pool, sink);
  }

  private ImageCatalog catalog(String... disabled) {
    return new ImageCatalog(
        pool, false, new Outbox(new Subscription(Set.of(sink, "other"), Set.of(disabled))));
  }

  private ImageId create() throws Exception {
    return result(new ImageCatalog(pool).create(image())).id();
  }

  private List<String> types() throws Exception {
    return result(queue.page(100)).stream().map(waiting -> waiting.notification().type()).toList();
  }

  @Test
  void keepsWhatHappenedInItsOrder() throws Exception {
    var id = create();
    result(catalog().update(id, ALICE, PERMITTED, image -> image));
    result(catalog().delete(id, ALICE, PERMITTED));

    assertThat(types()).containsExactly("image.update", "image.delete");
    assertThat(result(new OutboxQueue(pool, "other").backlog()).pending())
        .isGreaterThanOrEqualTo(2);
  }

  @Test
  void keepsNothingOfWhatDidNotHappen() throws Exception {
    var id = create();

    problem(catalog().update(id, ALICE, FORBIDDEN, image -> image));
    problem(
        catalog()
            .update(
                id,
                ALICE,
                PERMITTED,
                image -> {
                  FORBIDDEN.require(image);
                  return image;
                }));

    assertThat(types()).isEmpty();
  }

  @Test
  void keepsNothingThatNobodyWants() throws Exception {
    var id = create();
    result(catalog("image.update").update(id, ALICE, PERMITTED, image -> image));
    result(catalog("image").delete(id, ALICE, PERMITTED));

    assertThat(types()).isEmpty();
  }

  @Test
  void onlyOneProcessSends() throws Exception {
    var another = new OutboxQueue(pool, sink);

    assertThat(result(queue.lease(LONG))).isTrue();
    assertThat(result(another.lease(LONG))).isFalse();
    assertThat(result(queue.lease(Duration.ZERO))).isTrue();
    assertThat(result(another.lease(LONG))).isTrue();
    assertThat(result(queue.lease(LONG))).isFalse();
    result(another.release());
    assertThat(result(queue.lease(LONG))).isTrue();
  }

  @Test
  void dropsTheOldest() throws Exception {
    var outbox = new Outbox(new Subscription(Set.of(sink), Set.of()));
    for (int i = 0; i < 5; i++) {
      result(outbox.put(pool, List.of(Notification.error("image.upload", "i" + i, "full"))));
    }

    assertThat(result(queue.trim(3, LONG))).isEqualTo(2);
    var left = result(queue.page(100));
    assertThat(left)
        .extracting(waiting -> waiting.notification().subject())
        .containsExactly("i2", "i3", "i4");
    assertThat(left).extracting(waiting -> waiting.notification().payload()).containsOnly("full");
    result(queue.forget(left.subList(0, 1)));
    assertThat(result(queue.page(1)))
        .extracting(Waiting::number)
        .containsExactly(left.get(1).number());
    assertThat(result(queue.trim(3, Duration.ZERO))).isGreaterThanOrEqualTo(2);
    assertThat(result(queue.backlog())).isEqualTo(new OutboxQueue.Backlog(0, 0));
  }
}
