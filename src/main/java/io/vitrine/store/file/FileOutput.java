package io.vitrine.store.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A way of writing a file's data to disk. */
interface FileOutput extends Closeable {
  /** Appends the remaining bytes of all buffers in order. */
  void write(ByteBuffer... data) throws IOException;

  /** How many of the appended bytes are not allocated on disk yet. */
  default long heldBytes() {
    return 0;
  }

  /** Whether the appended bytes can be read from the file at once. */
  default boolean isReadable() {
    return false;
  }

  /**
   * Makes the appended bytes durable, but for those that it holds; more may follow.
   *
   * @return how many bytes it holds
   */
  default long sync() throws IOException {
    finish();
    return 0;
  }

  /** Completes the file's data; nothing may be written afterwards. */
  void finish() throws IOException;
}
