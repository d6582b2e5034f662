package io.vitrine.importer;

import io.vitrine.image.BlobRef;
import io.vitrine.image.SourceImage;
import java.util.Optional;

/**
 * Data to import that is in staging.
 *
 * @param source the image of another region that it comes from
 */
record Staged(BlobRef blob, Optional<SourceImage> source) {}
