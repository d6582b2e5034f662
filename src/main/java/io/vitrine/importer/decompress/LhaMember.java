package io.vitrine.importer.decompress;

import java.io.IOException;
import java.io.InputStream;

/**
 * The only file of an LHA archive; directories do not count. A second file is detected after the
 * first has been read.
 */
final class LhaMember extends BulkInput {
  private static final ArchiveRules RULES = new ArchiveRules(Compression.LHA.text());

  private final InputStream archive;
  private final LhaHeader header;
  private final ExactInput packed;
  private final InputStream content;
  private final Crc16 checksum = new Crc16();
  private long left;
  private boolean isEnded;

  private LhaMember(InputStream archive, LhaHeader header) throws IOException {
    super(archive);
    this.archive = archive;
    this.header = header;
    packed = new ExactInput(archive, header.packedBytes());
    content = content(header, packed);
    left = header.sizeBytes();
  }

  static LhaMember open(InputStream data) throws IOException {
    var header =
        LhaHeader.nextFile(data).orElseThrow(() -> RULES.refused("contains no plain file"));
    return new LhaMember(data, header);
  }

  private static InputStream content(LhaHeader header, ExactInput packed) throws IOException {
    return switch (header.method()) {
      case "-lh0-", "-lz4-" -> {
        LhaHeader.require(header.packedBytes() == header.sizeBytes(), "the sizes differ");
        yield packed;
      }
      case "-lh4-", "-lh5-" -> new LhaDecoder(packed, LhaCodes.Window.SMALL);
      case "-lh6-" -> new LhaDecoder(packed, LhaCodes.Window.MIDDLE);
      case "-lh7-" -> new LhaDecoder(packed, LhaCodes.Window.LARGE);
      default ->
          throw RULES.refused(
              "is compressed in a way that is not supported (%s)".formatted(header.method()));
    };
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      end();
      return -1;
    }
    int read = content.read(target, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw new IOException("the data is shorter than told");
    }
    if (left == header.sizeBytes()) {
      RULES.requirePlain(target, offset, read);
    }
    checksum.update(target, offset, read);
    left -= read;
    return read;
  }

  private void end() throws IOException {
    if (isEnded) {
      return;
    }
    isEnded = true;
    if (checksum.value() != header.checksum()) {
      throw new IOException("wrong checksum");
    }
    packed.skipRest();
    RULES.requireLast(LhaHeader.nextFile(archive).isEmpty());
  }
}
