package io.vitrine.format.vhdx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An entry of the region table or the metadata table, which both list objects by GUID.
 *
 * @param fields what follows the GUID, little-endian
 * @param position of the entry in the file
 */
record TableEntry(UUID guid, ByteBuffer fields, long position) {
  /** The length of an entry. */
  static final int BYTES = 32;

  /** The most entries that a table may have. */
  static final int MAX_COUNT = 2047;

  private static final int GUID_BYTES = 16;

  /** Where the fields begin in the file. */
  long fieldsAt() {
    return position + GUID_BYTES;
  }

  /** All whole entries of a little-endian buffer, which lies at the position of the file. */
  static List<TableEntry> parse(ByteBuffer entries, long position) {
    var parsed = new ArrayList<TableEntry>();
    for (int at = 0; at <= entries.limit() - BYTES; at += BYTES) {
      var fields = entries.slice(at + GUID_BYTES, BYTES - GUID_BYTES);
      parsed.add(
          new TableEntry(guid(entries, at), fields.order(ByteOrder.LITTLE_ENDIAN), position + at));
    }
    return parsed;
  }

  /** The first entry with the GUID. */
  static Optional<TableEntry> find(List<TableEntry> entries, UUID guid) {
    return entries.stream().filter(entry -> entry.guid.equals(guid)).findFirst();
  }

  /** A GUID of a little-endian structure: a 32-bit and two 16-bit numbers, then eight bytes. */
  static UUID guid(ByteBuffer structure, int index) {
    long first = Integer.toUnsignedLong(structure.getInt(index));
    long second = Short.toUnsignedLong(structure.getShort(index + 4));
    long third = Short.toUnsignedLong(structure.getShort(index + 6));
    long rest = Long.reverseBytes(structure.getLong(index + 8));
    return new UUID(first << 32 | second << 16 | third, rest);
  }
}
