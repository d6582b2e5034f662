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
 * The images that are cached or being filled, whose total size stays within the limit. The least
 * recently used is evicted first. An image has one entry at most, whatever data it is of.
 */
final class LruIndex {
  private final long maxBytes;
  private final LinkedHashMap<ImageId, CachedImage> entries = new LinkedHashMap<>();
  private final Map<ImageId, Long> reserved = new HashMap<>();
  private long bytes;

  LruIndex(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The bytes of all images, including those being filled. */
  long bytes() {
    return bytes;
  }

  /** The cached images, the next to be evicted first. */
  List<CachedImage> entries() {
    return List.copyOf(entries.values());
  }

  /** Looks an image up without counting a read. */
  Optional<CachedImage> find(ImageId id) {
    return Optional.ofNullable(entries.get(id));
  }

  boolean contains(ImageId id) {
    return entries.containsKey(id);
  }

  /** Counts a read; returns the image as it was before. */
  Optional<CachedImage> hit(ImageId id, Instant now) {
    var before = find(id);
    before.ifPresent(found -> entries.putLast(id, found.hit(now)));
    return before;
  }

  /** Reserves room for an image and returns those evicted for it; empty if it does not fit. */
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

  /** Evicts images until the rest, with those being filled, is within the limit. */
  List<CachedImage> shrinkTo(long limit) {
    var removed = new ArrayList<CachedImage>();
    while (bytes > limit && !entries.isEmpty()) {
      removed.add(entries.pollFirstEntry().getValue());
      bytes -= removed.getLast().sizeBytes();
    }
    return removed;
  }

  /** Makes a reserved image a cached one. */
  void commit(CacheKey key, Instant now) {
    var sizeBytes = reserved.remove(key.id());
    if (sizeBytes != null) {
      entries.putLast(key.id(), new CachedImage(key, sizeBytes, 0, now, now));
    }
  }

  /** Releases the room of an image that was not cached. */
  void release(ImageId id) {
    var sizeBytes = reserved.remove(id);
    bytes -= sizeBytes == null ? 0 : sizeBytes;
  }

  /** Adds an image that was cached by an earlier process; returns the other data that it had. */
  Optional<CachedImage> restore(CachedImage image) {
    var other = remove(image.id());
    entries.putLast(image.id(), image);
    bytes += image.sizeBytes();
    return other;
  }

  Optional<CachedImage> remove(ImageId id) {
    var removed = Optional.ofNullable(entries.remove(id));
    bytes -= removed.map(CachedImage::sizeBytes).orElse(0L);
    return removed;
  }
}
