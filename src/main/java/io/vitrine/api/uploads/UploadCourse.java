package io.vitrine.api.uploads;

import io.vitrine.image.location.HashClaim;
import io.vitrine.transfer.bus.Message;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * What the protocol of a request says of its turn of an upload.
 *
 * @param ending when the data of the upload is whole
 * @param digests what the whole data must hash to; the same in every turn
 * @param progress is told how many bytes the client need not send again: once when the store is
 *     ready for the body, and then whenever there are more
 */
record UploadCourse(Message.Ending ending, List<HashClaim> digests, LongConsumer progress) {
  /** Copies the list. */
  UploadCourse {
    digests = List.copyOf(digests);
  }

  /** The data is whole once it has its length, and nobody is told of progress. */
  static UploadCourse byLength() {
    return new UploadCourse(Message.Ending.AT_LENGTH, List.of(), bytes -> {});
  }
}
