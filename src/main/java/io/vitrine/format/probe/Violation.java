package io.vitrine.format.probe;

/**
 * A failed safety check.
 *
 * @param check the short name by which an operator may declare it non-fatal
 * @param reason what is wrong, for the user; continues the words "the image"
 */
public record Violation(String check, String reason) {}
