package io.vitrine.store.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** How the data of a file that is being written gets to the disk. */
interface FileOutput extends Closeable {
  /** Appends all remaining bytes of each buffer, in their order. */
  void write(ByteBuffer... data) throws IOException;

  /** How many of the bytes that were appended take no room on the disk yet. */
  default long heldBytes() {
    return 0;
  }

  /** Brings everything where it has to be before the file is one; nothing is written afterwards. */
  void finish() throws IOException;
}
