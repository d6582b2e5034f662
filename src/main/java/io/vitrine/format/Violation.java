package io.vitrine.format;

/**
 * A safety check that failed.
 *
 * @param check the short name by which an operator may declare it non-fatal
 * @param reason what is wrong, for the user, to follow the words "the image"
 */
public record Violation(String check, String reason) {}
