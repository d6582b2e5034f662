package io.vitrine.image;

import java.util.Optional;

/**
 * Bytes as the catalog knows them.
 *
 * @param sha512 in lower-case hexadecimal digits; empty for bytes that were not hashed
 */
public record StoredBlob(BlobRef blob, long sizeBytes, Optional<String> sha512) {}
