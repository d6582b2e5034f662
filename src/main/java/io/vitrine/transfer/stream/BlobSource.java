package io.vitrine.transfer.stream;

import io.vitrine.image.location.ByteRange;
import io.vitrine.net.address.Url;
import java.nio.file.Path;

/** Where the bytes of a blob can be taken from. */
public sealed interface BlobSource {
  /** How many bytes there are to take. */
  long sizeBytes();

  /**
   * A part of a file of this machine; it must only be read.
   *
   * @param isDirect whether it is to be read past the system's cache of files
   */
  record InFile(Path path, ByteRange range, boolean isDirect) implements BlobSource {
    @Override
    public long sizeBytes() {
      return range.length();
    }
  }

  /**
   * A part of what lies on a server of others.
   *
   * @param store whose rules the URL is held to
   */
  record OnWeb(String store, Url url, ByteRange range) implements BlobSource {
    @Override
    public long sizeBytes() {
      return range.length();
    }
  }

  /** A stream, such as one from another node. */
  record InStream(SizedStream stream) implements BlobSource {
    @Override
    public long sizeBytes() {
      return stream.sizeBytes();
    }
  }
}
