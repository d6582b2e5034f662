package io.vitrine.importer.decompress;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.jspecify.annotations.Nullable;

/**
 * The only file of a zip archive; directories do not count. The archive is read sequentially, so
 * that its directory, which can list millions of members, is never in memory. A second file is
 * detected after the first has been read.
 */
final class SingleMember extends BulkInput {
  private static final ArchiveRules RULES = new ArchiveRules(Compression.ZIP.text());

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
    var entry = nextFile(archive);
    if (entry == null || entry.isUnixSymlink()) {
      throw RULES.refused("contains no plain file");
    }
    RULES.require(!entry.getGeneralPurposeBit().usesEncryption(), "is encrypted");
    RULES.require(
        METHODS.contains(entry.getMethod()) && archive.canReadEntryData(entry),
        "is compressed in a way that is not supported");
    return new SingleMember(archive, entry);
  }

  private static @Nullable ZipArchiveEntry nextFile(ZipArchiveInputStream archive)
      throws IOException {
    var entry = archive.getNextEntry();
    while (entry != null && entry.isDirectory()) {
      entry = archive.getNextEntry();
    }
    return entry;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = archive.read(target, offset, length);
    if (read < 0) {
      requireEnd();
    } else if (isAtStart) {
      isAtStart = false;
      RULES.requirePlain(target, offset, read);
    }
    checksum.update(target, offset, Math.max(read, 0));
    return read;
  }

  /** The checksum may follow the member. */
  private void requireEnd() throws IOException {
    RULES.requireLast(nextFile(archive) == null);
    if (entry.getCrc() != checksum.getValue()) {
      throw new IOException("wrong checksum");
    }
  }
}
