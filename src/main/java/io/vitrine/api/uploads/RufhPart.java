package io.vitrine.api.uploads;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.ext.web.RoutingContext;
import io.vitrine.catalog.blobs.UploadStates.State;
import java.util.Optional;

/**
 * What a request that appends to an upload says of itself.
 *
 * @param isLast whether the data is whole with it
 * @param offset where its data begins
 * @param bytes how many there are; empty if the client does not say it
 * @param length of the whole data; empty if the client does not say it
 */
record RufhPart(boolean isLast, long offset, Optional<Long> bytes, Optional<Long> length) {
  static RufhPart of(RoutingContext context) {
    Rufh.requirePart(context);
    boolean isLast =
        ItemField.flag(context, Rufh.COMPLETE)
            .orElseThrow(() -> invalid("Upload-Complete must be ?1 with the last data, else ?0."));
    long offset =
        ItemField.count(context, Rufh.OFFSET)
            .orElseThrow(() -> invalid("Upload-Offset must say where the data begins."));
    var bytes = Tus.bodyBytes(context);
    var length =
        DataLength.agreed(
            ItemField.count(context, Rufh.LENGTH),
            bytes.filter(known -> isLast).map(known -> offset + known));
    return new RufhPart(isLast, offset, bytes, length);
  }

  /** Whether it goes on where the upload is, but says that it brings more than its length. */
  boolean isBeyond(State state) {
    return !state.isComplete()
        && offset == state.upload().received()
        && offset + bytes.orElse(0L) > state.upload().length().orElse(Long.MAX_VALUE);
  }

  /** Whether it only repeats that a complete upload is so, as after a lost answer. */
  boolean isRepeated(State state) {
    return state.isComplete()
        && isLast
        && offset == state.upload().received()
        && bytes.equals(Optional.of(0L));
  }

  /** Why an upload in this state does not take it; empty if that is not the reason. */
  Optional<RufhException> refusal(State state) {
    long received = state.upload().received();
    if (offset != received) {
      return Optional.of(RufhException.mismatchingOffset(received, offset));
    }
    if (state.isComplete()) {
      return Optional.of(RufhException.completed(received));
    }
    var known = state.upload().length();
    return known.isPresent() && length.isPresent() && !known.equals(length)
        ? Optional.of(
            RufhException.inconsistentLength(
                "The length of the upload is %d already.".formatted(known.get())))
        : Optional.empty();
  }
}
