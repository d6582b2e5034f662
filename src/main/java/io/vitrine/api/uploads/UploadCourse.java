package io.vitrine.api.uploads;

import io.vitrine.transfer.bus.Message;
import java.util.function.LongConsumer;

/**
 * What the protocol of a request says of its turn of an upload.
 *
 * @param kind when the data of the upload is whole, unless it is a part
 * @param progress is told how many bytes the client need not send again: once when the store is
 *     ready for the body, and then whenever there are more
 */
record UploadCourse(Message.TurnKind kind, LongConsumer progress) {
  /** The data is whole once it has its length, and nobody is told of progress. */
  static UploadCourse byLength() {
    return new UploadCourse(Message.TurnKind.AT_LENGTH, bytes -> {});
  }
}
