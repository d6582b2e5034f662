package io.vitrine.store.s3;

import io.vitrine.store.blob.StoreFailures;
import io.vitrine.store.s3.S3BlobReader.S3Object;
import io.vitrine.store.s3.S3Calls.StoredPart;
import io.vitrine.store.s3.S3Calls.Upload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What earlier requests have left of a blob: the first parts of a multipart upload, and a tail that
 * is too short for a part. Any process finds both by their names alone.
 *
 * @param start the parts that stay
 * @param tail holds the data behind the parts
 * @param bytes how many bytes there are, of which the tail may have more
 * @param isWhole whether all of them are in the object already
 */
record KeptParts(PartStream.Start start, Optional<Tail> tail, long bytes, boolean isWhole) {
  /** Nothing yet. */
  static final KeptParts NOTHING =
      new KeptParts(PartStream.Start.NOTHING, Optional.empty(), 0, false);

  /**
   * Looks for the bytes before an offset; fails as missing if they are not there. There may be one
   * byte more, as the last one counts only once the blob is committed, and all of them if only the
   * commit to the catalog failed.
   *
   * @param size of the whole blob, if known
   */
  static KeptParts find(S3Calls calls, String key, long offset, OptionalLong size)
      throws IOException {
    var whole = calls.find(key);
    if (whole.isPresent()) {
      return ofWhole(whole.get(), size);
    }
    if (offset == 0) {
      return NOTHING;
    }
    var tails = Tail.all(calls, key);
    var found = new ArrayList<KeptParts>();
    end(0, tails, offset).ifPresent(end -> found.add(end.behind(PartStream.Start.NOTHING)));
    for (var upload : calls.uploadsOf(key)) {
      found.addAll(in(upload, calls.parts(upload), tails, offset));
    }
    return found.stream()
        .filter(kept -> kept.bytes == offset)
        .findFirst()
        .or(() -> found.stream().findFirst())
        .orElseThrow(StoreFailures::lostUpload);
  }

  private static KeptParts ofWhole(S3Object whole, OptionalLong size) {
    if (size.isEmpty() || size.getAsLong() != whole.sizeBytes()) {
      throw StoreFailures.lostUpload();
    }
    return new KeptParts(PartStream.Start.NOTHING, Optional.empty(), whole.sizeBytes(), true);
  }

  /** What follows some parts. */
  private record End(Optional<Tail> tail, long bytes) {
    KeptParts behind(PartStream.Start start) {
      return new KeptParts(start, tail, bytes, false);
    }
  }

  private static List<KeptParts> in(
      Upload upload, List<StoredPart> parts, List<Tail> tails, long offset) {
    var found = new ArrayList<KeptParts>();
    long bytes = 0;
    for (int count = 1; count <= parts.size() && bytes <= offset; count++) {
      var last = parts.get(count - 1);
      if (last.part().partNumber() != count) {
        break;
      }
      bytes += last.sizeBytes();
      var end = end(bytes, tails, offset);
      if (end.isPresent()) {
        var some = parts.subList(0, count);
        found.add(end.get().behind(start(upload, some, bytes)));
      }
    }
    return found;
  }

  private static PartStream.Start start(Upload upload, List<StoredPart> parts, long bytes) {
    boolean hasChecksums = parts.stream().allMatch(StoredPart::hasChecksum);
    return new PartStream.Start(
        Optional.of(new Upload(upload.key(), upload.id(), hasChecksums)),
        parts.stream().map(StoredPart::part).toList(),
        bytes);
  }

  /** The end of the bytes before the offset, if it is just behind parts with so many bytes. */
  private static Optional<End> end(long bytes, List<Tail> tails, long offset) {
    if (bytes > 0 && (bytes == offset || bytes == offset + 1)) {
      return Optional.of(new End(Optional.empty(), bytes));
    }
    return tails.stream()
        .filter(tail -> tail.from() == bytes && bytes < offset && tail.to() >= offset)
        .min(Comparator.comparingLong(Tail::to))
        .map(tail -> new End(Optional.of(tail), offset));
  }
}
