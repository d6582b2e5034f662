package io.vitrine.transfer.stream;

import io.vitrine.image.location.ByteRange;
import io.vitrine.net.address.Url;
import io.vitrine.net.stream.SizedStream;
import java.nio.file.Path;

/** A place to read a blob's bytes from. */
public sealed interface BlobSource {
  /** The number of bytes to read. */
  long sizeBytes();

  /**
   * A range of a local file, for reading only.
   *
   * @param isDirect whether to bypass the page cache
   */
  record InFile(Path path, ByteRange range, boolean isDirect) implements BlobSource {
    @Override
    public long sizeBytes() {
      return range.length();
    }
  }

  /**
   * A range of data on a web server.
   *
   * @param store the store whose rules apply to the URL
   */
  record OnWeb(String store, Url url, ByteRange range) implements BlobSource {
    @Override
    public long sizeBytes() {
      return range.length();
    }
  }

  /** A stream, for instance from another node. */
  record InStream(SizedStream stream) implements BlobSource {
    @Override
    public long sizeBytes() {
      return stream.sizeBytes();
    }
  }
}
