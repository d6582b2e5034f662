package io.vitrine.format.conversion;

/**
 * A range of the disk that is read at a time, made of whole units of the target.
 *
 * @param number counts the pieces from 0
 * @param passedBytes how much further the conversion is with it, the holes before it included
 */
record Piece(long number, long offset, int lengthBytes, long passedBytes) {}
