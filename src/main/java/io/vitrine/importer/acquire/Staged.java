package io.vitrine.importer.acquire;

import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.task.SourceImage;
import java.util.Optional;

/**
 * Staged data.
 *
 * @param source the image of another region it comes from, if any
 */
public record Staged(StoredBlob data, Optional<SourceImage> source) {}
