package io.vitrine.upkeep.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.ImageId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Compares the index with a list that is searched and counted from the start each time. */
class LruIndexProperties {
  private static final long LIMIT = 20;

  enum Act {
    HIT,
    RESERVE,
    COMMIT,
    RELEASE,
    REMOVE,
    SHRINK
  }

  record Step(Act act, int image, long sizeBytes) {
    ImageId id() {
      return new ImageId(new UUID(0, image));
    }
  }

  private record Kept(ImageId id, long sizeBytes) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(Act.class),
            Arbitraries.integers().between(1, 5),
            Arbitraries.longs().between(0, 25))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  @Property
  void keepsWhatWasReadLastWithinTheLimit(@ForAll("steps") List<Step> steps) {
    var index = new LruIndex(LIMIT);
    var model = new Model();

    for (var step : steps) {
      var id = step.id();
      switch (step.act()) {
        case HIT -> assertThat(index.hit(id, Instant.EPOCH).isPresent()).isEqualTo(model.hit(id));
        case RESERVE ->
            assertThat(index.reserve(id, step.sizeBytes()).isPresent())
                .isEqualTo(model.reserve(id, step.sizeBytes()));
        case COMMIT -> {
          index.commit(new CacheKey(id, ""), Instant.EPOCH);
          model.commit(id);
        }
        case RELEASE -> {
          index.release(id);
          model.reserved.remove(id);
        }
        case REMOVE ->
            assertThat(index.remove(id).isPresent())
                .isEqualTo(model.kept.removeIf(each -> each.id().equals(id)));
        case SHRINK -> {
          index.shrinkTo(step.sizeBytes());
          model.shrinkTo(step.sizeBytes());
        }
      }

      assertThat(index.entries().stream().map(CachedImage::id).toList())
          .isEqualTo(model.kept.stream().map(Kept::id).toList());
      assertThat(index.bytes()).isEqualTo(model.bytes()).isLessThanOrEqualTo(LIMIT);
    }
  }

  private static final class Model {
    private final List<Kept> kept = new ArrayList<>();
    private final Map<ImageId, Long> reserved = new HashMap<>();

    long bytes() {
      return kept.stream().mapToLong(Kept::sizeBytes).sum() + reservedBytes();
    }

    private long reservedBytes() {
      return reserved.values().stream().mapToLong(Long::longValue).sum();
    }

    boolean hit(ImageId id) {
      for (var each : kept) {
        if (each.id().equals(id)) {
          kept.remove(each);
          kept.add(each);
          return true;
        }
      }
      return false;
    }

    boolean reserve(ImageId id, long sizeBytes) {
      if (reserved.containsKey(id) || reservedBytes() + sizeBytes > LIMIT) {
        return false;
      }
      kept.removeIf(each -> each.id().equals(id));
      shrinkTo(LIMIT - sizeBytes);
      reserved.put(id, sizeBytes);
      return true;
    }

    void commit(ImageId id) {
      if (reserved.containsKey(id)) {
        kept.add(new Kept(id, reserved.getOrDefault(id, 0L)));
        reserved.remove(id);
      }
    }

    void shrinkTo(long limit) {
      while (bytes() > limit && !kept.isEmpty()) {
        kept.removeFirst();
      }
    }
  }
}
