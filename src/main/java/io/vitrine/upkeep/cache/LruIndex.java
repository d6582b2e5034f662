package io.vitrine.upkeep.cache;

import io.vitrine.image.ImageId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which images are in the cache and which are on their way into it, together never more bytes than
 * the limit. What was not read for longest makes room first.
 */
final class LruIndex {
  private final long maxBytes;
  private final LinkedHashMap<ImageId, CachedImage> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<ImageId, Long> reserved = new HashMap<>();
  private long bytes;

  LruIndex(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Bytes of the images that are there and of those on their way. */
  long bytes() {
    return bytes;
  }

  /** All images, the one that makes room first at the front. */
  List<CachedImage> entries() {
    return List.copyOf(entries.values());
  }

  /** An image, which is not counted as read. */
  Optional<CachedImage> find(ImageId id) {
    return entries.sequencedEntrySet().stream()
        .filter(entry -> entry.getKey().equals(id))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  boolean contains(ImageId id) {
    return entries.containsKey(id);
  }

  /** Counts a read of an image; answers the image as it was before. */
  Optional<CachedImage> hit(ImageId id, Instant now) {
    var before = Optional.ofNullable(entries.get(id));
    before.ifPresent(found -> entries.put(id, found.hit(now)));
    return before;
  }

  /** Makes room for an image; answers those that had to go, or nothing if there is none to make. */
  Optional<List<CachedImage>> reserve(ImageId id, long sizeBytes) {
    long movable = entries.values().stream().mapToLong(CachedImage::sizeBytes).sum();
    if (reserved.containsKey(id) || bytes - movable + sizeBytes > maxBytes) {
      return Optional.empty();
    }
    var evicted = new ArrayList<CachedImage>();
    remove(id).ifPresent(evicted::add);
    evicted.addAll(shrinkTo(maxBytes - sizeBytes));
    reserved.put(id, sizeBytes);
    bytes += sizeBytes;
    return Optional.of(evicted);
  }

  /** Removes images until the rest, with what is on its way, is no larger. */
  List<CachedImage> shrinkTo(long limit) {
    var removed = new ArrayList<CachedImage>();
    while (bytes > limit && !entries.isEmpty()) {
      removed.add(entries.pollFirstEntry().getValue());
      bytes -= removed.getLast().sizeBytes();
    }
    return removed;
  }

  /** The image for which there was room is there now. */
  void commit(ImageId id, Instant now) {
    var sizeBytes = reserved.remove(id);
    if (sizeBytes != null) {
      entries.put(id, new CachedImage(id, sizeBytes, 0, now, now));
    }
  }

  /** The image for which there was room does not come. */
  void release(ImageId id) {
    var sizeBytes = reserved.remove(id);
    bytes -= sizeBytes == null ? 0 : sizeBytes;
  }

  /** Takes up an image that was there before. */
  void restore(CachedImage image) {
    entries.put(image.id(), image);
    bytes += image.sizeBytes();
  }

  Optional<CachedImage> remove(ImageId id) {
    var removed = Optional.ofNullable(entries.remove(id));
    bytes -= removed.map(CachedImage::sizeBytes).orElse(0L);
    return removed;
  }
}
