package io.vitrine.catalog.blobs;

import io.vitrine.image.Caller;
import io.vitrine.image.Permit;
import io.vitrine.image.location.BlobRef;
import java.util.Optional;
import java.util.function.Function;

/**
 * A request to go on with an upload.
 *
 * @param permit what the caller needs, by the purpose of the data
 * @param offset where the data of the request begins
 * @param bytes how many there are; empty if the client does not say it
 * @param length of the whole data, if the client says it with this request
 */
public record UploadRequest(
    Caller caller,
    Function<BlobRef.Purpose, Permit> permit,
    long offset,
    Optional<Long> bytes,
    Optional<Long> length) {}
