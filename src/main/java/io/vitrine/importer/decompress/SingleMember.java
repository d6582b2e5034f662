package io.vitrine.importer.decompress;

import static io.vitrine.image.problem.ProblemException.unsupportedContent;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/**
 * The only member of a zip archive. The archive is read sequentially, so that its directory, which
 * can list millions of members, is never in memory. A second member is detected after the first has
 * been read.
 */
final class SingleMember extends FilterInputStream {
  private static final Set<Integer> METHODS =
      Set.of(ZipEntry.STORED, ZipEntry.DEFLATED, ZipMethod.ENHANCED_DEFLATED.getCode());

  private final ZipArchiveInputStream archive;
  private final ZipArchiveEntry entry;
  private final CRC32 checksum = new CRC32();
  private boolean isAtStart = true;

  private SingleMember(ZipArchiveInputStream archive, ZipArchiveEntry entry) {
    super(archive);
    this.archive = archive;
    this.entry = entry;
  }

  static SingleMember open(InputStream data) throws IOException {
    var archive = new ZipArchiveInputStream(data);
    var entry = archive.getNextEntry();
    if (entry == null) {
      throw new IOException("no member");
    }
    requireReadable(archive, entry);
    return new SingleMember(archive, entry);
  }

  private static void requireReadable(ZipArchiveInputStream archive, ZipArchiveEntry entry) {
    require(
        !entry.isDirectory() && !entry.isUnixSymlink(), "The zip archive contains no plain file.");
    require(!entry.getGeneralPurposeBit().usesEncryption(), "The zip archive is encrypted.");
    require(
        METHODS.contains(entry.getMethod()) && archive.canReadEntryData(entry),
        "The zip archive is compressed in a way that is not supported.");
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = archive.read(target, offset, length);
    if (read < 0) {
      requireEnd();
    } else if (isAtStart) {
      isAtStart = false;
      requireNoArchive(target, offset, read);
    }
    checksum.update(target, offset, Math.max(read, 0));
    return read;
  }

  /** The checksum may follow the member. */
  private void requireEnd() throws IOException {
    require(
        archive.getNextEntry() == null,
        "The zip archive has more than one member; it must have exactly one.");
    if (entry.getCrc() != checksum.getValue()) {
      throw new IOException("wrong checksum");
    }
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  private static void requireNoArchive(byte[] bytes, int offset, int length) {
    var head = new byte[Math.min(length, Compression.HEAD_BYTES)];
    System.arraycopy(bytes, offset, head, 0, head.length);
    Compression.of(head)
        .ifPresent(
            inner ->
                require(
                    false,
                    "The zip archive contains another archive or other compressed data (%s)."
                        .formatted(inner.text())));
  }

  private static void require(boolean holds, String detail) {
    if (!holds) {
      throw unsupportedContent(detail);
    }
  }
}
