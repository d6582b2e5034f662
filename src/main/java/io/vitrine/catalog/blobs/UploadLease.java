package io.vitrine.catalog.blobs;

import java.util.UUID;

/**
 * The right of one request to go on with an upload.
 *
 * @param holder new for every request
 * @param turn counts the requests from 1
 * @param begun the blob and its image, and what the quota of its owner permits
 */
public record UploadLease(UUID holder, long turn, Upload upload, BlobJournal.Begun begun) {
  /** The id of the upload. */
  UUID id() {
    return upload.blob().id();
  }
}
