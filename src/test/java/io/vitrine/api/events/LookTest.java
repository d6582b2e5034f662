package io.vitrine.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerResponse;
import io.vitrine.access.policy.PropertyProtections;
import io.vitrine.api.events.ListStream.Place;
import io.vitrine.api.request.Access;
import io.vitrine.catalog.events.ImageChanges.Mark;
import io.vitrine.catalog.events.ImageChanges.Recent;
import io.vitrine.catalog.events.UploadProgress;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LookTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final ImageId OLD = ImageId.random();
  private static final ImageId NEW = ImageId.random();
  private static final List<Mark> MARKS = List.of(at(NEW, 1), at(OLD, 100));

  private final LookMemory memory = new LookMemory();
  private final ListStream stream = stream();

  /** A stream that is asked nothing. */
  private static ListStream stream() {
    var response =
        (HttpServerResponse)
            Proxy.newProxyInstance(
                LookTest.class.getClassLoader(),
                new Class<?>[] {HttpServerResponse.class},
                (proxy, method, arguments) -> {
                  throw new UnsupportedOperationException(method.getName());
                });
    return new ListStream(
        new EventChannel(response, Duration.ofSeconds(1)),
        Caller.anonymous(),
        new Access((caller, rule, target) -> true, PropertyProtections.NONE),
        Optional.empty());
  }

  private static Mark at(ImageId image, int secondsAgo) {
    return new Mark(image, NOW.minusSeconds(secondsAgo));
  }

  private News look(List<Mark> marks, boolean isCut, Optional<Instant> until, boolean isBehind) {
    var since = NOW.minus(Duration.ofHours(1));
    var places = Map.of(stream, new Place(until, isBehind));
    var upload = new UploadProgress(NEW, BlobRef.Purpose.IMAGE, 1, Optional.empty(), 1);
    var result =
        new Look.Result(
            new Look(since, new Recent(NOW, marks, isCut), memory, places),
            List.of(),
            List.of(upload));
    var news = result.newsFor(stream).orElseThrow();
    result.remember();
    return news;
  }

  private News late(Duration ago) {
    return look(MARKS, false, Optional.of(NOW.minus(ago)), true);
  }

  @Test
  void beginsWithoutThePast() {
    var news = look(MARKS, false, Optional.empty(), true);

    assertThat(news.kind()).isEqualTo(News.Kind.START);
    assertThat(news.changed()).isEmpty();
    assertThat(news.uploads()).hasSize(1);
  }

  @Test
  void tellsLiveStreamsOnceAndInOrder() {
    var first = look(MARKS, false, Optional.of(NOW), false);
    var again = look(MARKS, false, Optional.of(NOW), false);
    var changed = look(List.of(at(NEW, 0), at(OLD, 100)), false, Optional.of(NOW), false);

    assertThat(first.kind()).isEqualTo(News.Kind.LIVE);
    assertThat(first.changed()).containsExactly(OLD, NEW);
    assertThat(first.uploads()).hasSize(1);
    assertThat(again.changed()).isEmpty();
    assertThat(again.uploads()).isEmpty();
    assertThat(changed.changed()).containsExactly(NEW);
  }

  @Test
  void tellsTheLateWhatTheyHaveMissedWhoeverElseKnowsIt() {
    look(MARKS, false, Optional.of(NOW), false);

    assertThat(late(Duration.ofSeconds(20)))
        .satisfies(news -> assertThat(news.kind()).isEqualTo(News.Kind.CAUGHT_UP))
        .satisfies(news -> assertThat(news.changed()).containsExactly(NEW));
    assertThat(late(Duration.ofSeconds(90)).changed()).containsExactly(OLD, NEW);
  }

  @Test
  void resetsThoseWhoHaveMissedTooMuch() {
    var many =
        IntStream.rangeClosed(0, Look.MOST_TOLD).mapToObj(i -> at(ImageId.random(), 1)).toList();
    var recently = Optional.of(NOW.minusSeconds(1));

    assertThat(late(Duration.ofMinutes(61)).kind()).isEqualTo(News.Kind.RESET);
    assertThat(late(Duration.ofMinutes(-2)).kind()).isEqualTo(News.Kind.RESET);
    assertThat(look(MARKS, true, recently, true).kind()).isEqualTo(News.Kind.RESET);
    assertThat(look(many, false, recently, true).kind()).isEqualTo(News.Kind.RESET);
    assertThat(look(many.subList(1, many.size()), false, recently, true).kind())
        .isEqualTo(News.Kind.CAUGHT_UP);
  }
}
