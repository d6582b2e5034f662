package io.vitrine.format.conversion;

/**
 * A range of the disk that is read at a time, made of whole units of the target.
 *
 * @param number counts the pieces from 0
 * @param passedBytes by how much it advances the conversion, with the holes before it
 */
record Piece(long number, long offset, int lengthBytes, long passedBytes) {}
