package io.vitrine.api.events;

import io.vitrine.api.events.ListStream.Place;
import io.vitrine.catalog.events.ImageChanges;
import io.vitrine.catalog.events.ImageChanges.Change;
import io.vitrine.catalog.events.ImageChanges.Mark;
import io.vitrine.catalog.events.UploadProgress;
import io.vitrine.image.ImageId;
import io.vitrine.image.task.TaskView;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One look at the catalog: what each stream has to be told of what was found. */
final class Look {
  /** For how long what a client has missed is told. */
  static final Duration LONGEST = Duration.ofDays(1);

  /** The most changes that are told at once; a client that misses more asks for the list. */
  static final int MOST_TOLD = 500;

  private final Instant since;
  private final ImageChanges.Recent recent;
  private final LookMemory memory;
  private final Map<ListStream, Share> shares = new HashMap<>();

  /** What is for one stream. */
  private record Share(News.Kind kind, List<ImageId> changed) {}

  /** A look that found what has changed since a moment, for streams at these places. */
  Look(
      Instant since, ImageChanges.Recent recent, LookMemory memory, Map<ListStream, Place> places) {
    this.since = since;
    this.recent = recent;
    this.memory = memory;
    var live = share(News.Kind.LIVE, memory::isNew);
    places.forEach((stream, place) -> shares.put(stream, place.isBehind() ? late(place) : live));
  }

  private Share late(Place place) {
    return place
        .until()
        .map(until -> isKnown(until) ? since(until) : new Share(News.Kind.RESET, List.of()))
        .orElseGet(() -> new Share(News.Kind.START, List.of()));
  }

  private boolean isKnown(Instant until) {
    return !recent.isCut()
        && !until.isBefore(since)
        && until.isBefore(recent.now().plus(ImageChanges.OVERLAP));
  }

  private Share since(Instant until) {
    var from = until.minus(ImageChanges.OVERLAP);
    return share(News.Kind.CAUGHT_UP, mark -> mark.at().isAfter(from));
  }

  private Share share(News.Kind kind, Predicate<Mark> isWanted) {
    var changed =
        recent.marks().stream()
            .filter(isWanted)
            .sorted(Comparator.comparing(Mark::at))
            .map(Mark::image)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return changed.size() > MOST_TOLD
        ? new Share(News.Kind.RESET, List.of())
        : new Share(kind, List.copyOf(changed));
  }

  /** From when on changes were looked for. */
  Instant since() {
    return since;
  }

  /** The images that some stream has to be told of. */
  Set<ImageId> changed() {
    return shares.values().stream()
        .flatMap(share -> share.changed.stream())
        .collect(Collectors.toSet());
  }

  /** What was found in all. */
  record Result(
      Look look, List<TaskView> tasks, List<UploadProgress> uploads, Map<ImageId, Change> found) {
    /** Copies the collections. */
    Result {
      tasks = List.copyOf(tasks);
      uploads = List.copyOf(uploads);
      found = Map.copyOf(found);
    }

    /** What was found but for the images. */
    Result(Look look, List<TaskView> tasks, List<UploadProgress> uploads) {
      this(look, tasks, uploads, Map.of());
    }

    /** All images that are spoken of. */
    Set<ImageId> images() {
      return Stream.of(
              look.changed().stream(),
              tasks.stream().flatMap(task -> Optional.ofNullable(task.image()).stream()),
              uploads.stream().map(UploadProgress::image))
          .flatMap(Function.identity())
          .collect(Collectors.toSet());
    }

    Result of(Collection<Change> images) {
      return new Result(
          look,
          tasks,
          uploads,
          images.stream()
              .collect(Collectors.toMap(change -> change.image().id(), Function.identity())));
    }

    Instant now() {
      return look.recent.now();
    }

    /** What a stream is told; empty if it came after the look. */
    Optional<News> newsFor(ListStream stream) {
      return Optional.ofNullable(look.shares.get(stream)).map(this::news);
    }

    private News news(Share share) {
      boolean isLive = share.kind == News.Kind.LIVE;
      return new News(
          now(),
          share.kind,
          share.changed,
          tasks.stream().filter(task -> !isLive || look.memory.isNew(task)).toList(),
          uploads.stream().filter(upload -> !isLive || look.memory.isNew(upload)).toList(),
          found);
    }

    /** Lets the next look tell only what is new then. */
    void remember() {
      look.memory.add(look.recent, tasks, uploads);
    }
  }
}
