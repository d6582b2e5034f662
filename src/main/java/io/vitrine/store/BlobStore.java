package io.vitrine.store;

import io.vitrine.image.BlobRef;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** A place for blobs. All methods may block; none is called on an event loop. */
public interface BlobStore {
  /** The id in the API and the configuration. */
  String id();

  /** Begins a blob, invisible until it is committed. */
  BlobWriter begin(BlobRef blob) throws IOException;

  /** Opens a blob's bytes for reading; empty if it is not here. */
  Optional<FileChannel> open(BlobRef blob) throws IOException;

  /** The file that holds a blob, for readers of this machine; empty if it is not here. */
  Optional<Path> file(BlobRef blob);

  /** Removes a blob, also one that was never committed; false if it is not here. */
  boolean delete(BlobRef blob) throws IOException;
}
