package io.vitrine.importer.decompress;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;

/** LZ4 frames of both kinds, one after the other, with skippable frames anywhere. */
final class Lz4Frames extends BulkInput {
  private static final int MAGIC_BYTES = 4;

  private final PushbackInputStream data;
  private InputStream frame = InputStream.nullInputStream();

  /** The frames to the end of the data. */
  Lz4Frames(InputStream data) {
    super(data);
    this.data = new PushbackInputStream(data, MAGIC_BYTES);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = frame.read(target, offset, length);
    while (read < 0 && next()) {
      read = frame.read(target, offset, length);
    }
    return read;
  }

  /** Opens the next frame; a skippable one is as good as an empty one. */
  private boolean next() throws IOException {
    var magic = data.readNBytes(MAGIC_BYTES);
    if (magic.length == 0) {
      return false;
    }
    if (SkippableFrames.begin(Arrays.copyOf(magic, 8))) {
      SkippableFrames.skipRest(data);
      frame = InputStream.nullInputStream();
    } else if (LegacyLz4.isMagic(magic)) {
      frame = new LegacyLz4(data);
    } else {
      data.unread(magic);
      frame = new FramedLZ4CompressorInputStream(data, false);
    }
    return true;
  }
}
