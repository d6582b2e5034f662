package io.vitrine.format.mapped;

/**
 * The part of the disk that one table of the file maps.
 *
 * @param position of the table in the file; the table can be read once the file reaches there
 * @param offset of the part in the disk, in bytes
 * @param lengthBytes of the part; may reach past the end of the disk
 */
public record TableRange(long position, long offset, long lengthBytes) {}
