package io.vitrine.importer.acquire;

import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.task.SourceImage;
import java.util.Optional;

/**
 * Data to import that is in staging.
 *
 * @param source the image of another region that it comes from
 */
public record Staged(StoredBlob data, Optional<SourceImage> source) {}
