package io.vitrine.importer.engine;

import java.nio.file.Path;

/**
 * A disk image in a file.
 *
 * @param format as in the Image API
 */
public record DiskImage(Path file, String format) {}
