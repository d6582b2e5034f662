package io.vitrine.api.uploads;

import io.vitrine.transfer.bus.Message;
import java.util.function.LongConsumer;

/**
 * What the protocol of a request says of its turn of an upload.
 *
 * @param ending when the data of the upload is whole
 * @param progress is told how many bytes the client need not send again: once when the store is
 *     ready for the body, and then whenever there are more
 */
record UploadCourse(Message.Ending ending, LongConsumer progress) {
  /** The data is whole once it has its length, and nobody is told of progress. */
  static UploadCourse byLength() {
    return new UploadCourse(Message.Ending.AT_LENGTH, bytes -> {});
  }
}
