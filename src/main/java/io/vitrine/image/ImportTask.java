package io.vitrine.image;

import java.util.Optional;
import java.util.UUID;

/**
 * An import that a worker has leased.
 *
 * @param staged checkpoint: the data to import is already staged here
 * @param store where the image's data goes
 * @param attempt counts from 1
 */
public record ImportTask(
    UUID id,
    Image image,
    ImportMethod method,
    String store,
    Optional<BlobRef> staged,
    int attempt) {}
