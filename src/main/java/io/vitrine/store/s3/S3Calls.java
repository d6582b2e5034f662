package io.vitrine.store.s3;

import io.vitrine.store.s3.S3BlobReader.S3Object;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.pagination.sync.SdkIterable;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** The calls of a store to its bucket; each fails with an {@link IOException} for the log. */
final class S3Calls {
  private final S3Connection server;
  private final String bucket;

  S3Calls(S3Connection server, String bucket) {
    this.server = server;
    this.bucket = bucket;
  }

  /** Stores a whole object. */
  void put(String key, Part part) throws IOException {
    run(
        "storing " + key,
        () ->
            server
                .calls()
                .putObject(
                    request ->
                        request
                            .bucket(bucket)
                            .key(key)
                            .checksumCRC32(part.checksum())
                            .overrideConfiguration(server.deadline(part.sizeBytes())),
                    part.body()));
  }

  /** Begins a multipart upload. */
  Upload begin(String key, boolean hasChecksums) throws IOException {
    return run(
        "beginning " + key,
        () -> {
          var begun =
              server
                  .calls()
                  .createMultipartUpload(
                      request -> {
                        request.bucket(bucket).key(key);
                        if (hasChecksums) {
                          request.checksumAlgorithm(ChecksumAlgorithm.CRC32);
                        }
                      });
          return new Upload(key, begun.uploadId(), hasChecksums);
        });
  }

  /** Stores a part; numbers start at 1. */
  CompletedPart upload(Upload upload, int number, Part part) throws IOException {
    var checksum = upload.hasChecksums() ? part.checksum() : null;
    var md5 = upload.hasChecksums() ? null : part.md5();
    var answer =
        run(
            "storing part %d of %s".formatted(number, upload.key()),
            () ->
                server
                    .calls()
                    .uploadPart(
                        request ->
                            request
                                .bucket(bucket)
                                .key(upload.key())
                                .uploadId(upload.id())
                                .partNumber(number)
                                .checksumCRC32(checksum)
                                .contentMD5(md5)
                                .overrideConfiguration(server.deadline(part.sizeBytes())),
                        part.body()));
    if (checksum != null
        && answer.checksumCRC32() != null
        && !answer.checksumCRC32().equals(checksum)) {
      throw new IOException("part %d of %s arrived changed".formatted(number, upload.key()));
    }
    return CompletedPart.builder()
        .partNumber(number)
        .eTag(answer.eTag())
        .checksumCRC32(checksum)
        .build();
  }

  /**
   * An object that can be copied instead of sending a part.
   *
   * @param checksum its CRC-32, in the format of S3's headers
   * @param md5 in lower-case hexadecimal
   */
  record Source(String key, String checksum, String md5) {}

  /** Lets the server copy a part; fails unless it confirms what the part then has. */
  CompletedPart copy(Upload upload, int number, Source source) throws IOException {
    var doing = "copying part %d of %s".formatted(number, upload.key());
    var copied =
        run(
            doing,
            () ->
                server
                    .calls()
                    .uploadPartCopy(
                        request ->
                            request
                                .sourceBucket(bucket)
                                .sourceKey(source.key())
                                .destinationBucket(bucket)
                                .destinationKey(upload.key())
                                .uploadId(upload.id())
                                .partNumber(number))
                    .copyPartResult());
    // With some kinds of encryption, the tag is no digest.
    boolean isSame =
        copied.checksumCRC32() != null
            ? copied.checksumCRC32().equals(source.checksum())
            : String.valueOf(copied.eTag()).replace("\"", "").equals(source.md5());
    if (!isSame) {
      throw new IOException("the server does not confirm " + doing);
    }
    return CompletedPart.builder()
        .partNumber(number)
        .eTag(copied.eTag())
        .checksumCRC32(upload.hasChecksums() ? source.checksum() : null)
        .build();
  }

  /** Completes the upload; the parts must be in order. */
  void complete(Upload upload, List<CompletedPart> parts, long sizeBytes) throws IOException {
    try {
      server
          .calls()
          .completeMultipartUpload(
              request ->
                  request
                      .bucket(bucket)
                      .key(upload.key())
                      .uploadId(upload.id())
                      .multipartUpload(all -> all.parts(parts))
                      .overrideConfiguration(server.deadline(sizeBytes / parts.size())));
    } catch (SdkException failure) {
      // The response to an earlier attempt may have been lost.
      boolean isDone =
          S3Failures.hasStatus(failure, 404)
              && find(upload.key()).filter(it -> it.sizeBytes() == sizeBytes).isPresent();
      if (!isDone) {
        throw S3Failures.of("completing " + upload.key(), failure);
      }
    }
  }

  /** Aborts an upload; one that no longer exists is no failure. */
  void abort(Upload upload) throws IOException {
    unlessAbsent(
        "giving up " + upload.key(),
        () ->
            server
                .calls()
                .abortMultipartUpload(
                    request -> request.bucket(bucket).key(upload.key()).uploadId(upload.id())));
  }

  Optional<S3Object> find(String key) throws IOException {
    return unlessAbsent(
            "looking for " + key,
            () -> server.calls().headObject(request -> request.bucket(bucket).key(key)))
        .map(answer -> new S3Object(bucket, key, answer.eTag(), answer.contentLength()));
  }

  S3BlobReader reader(S3Object object) {
    return new S3BlobReader(server.downloads(), object);
  }

  void delete(String key) throws IOException {
    unlessAbsent(
        "deleting " + key,
        () -> server.calls().deleteObject(request -> request.bucket(bucket).key(key)));
  }

  /** All objects with the prefix. */
  SdkIterable<software.amazon.awssdk.services.s3.model.S3Object> objects(String prefix) {
    return server
        .calls()
        .listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix))
        .contents();
  }

  /** All unfinished uploads with the prefix. */
  SdkIterable<MultipartUpload> uploads(String prefix) {
    return server
        .calls()
        .listMultipartUploadsPaginator(request -> request.bucket(bucket).prefix(prefix))
        .uploads();
  }

  /** The unfinished uploads of one object; without checksums, as far as is known. */
  List<Upload> uploadsOf(String key) throws IOException {
    return run(
        "listing uploads",
        () ->
            uploads(key).stream()
                .filter(upload -> upload.key().equals(key))
                .map(upload -> new Upload(key, upload.uploadId(), false))
                .toList());
  }

  /** A part that the server has. */
  record StoredPart(CompletedPart part, long sizeBytes) {
    boolean hasChecksum() {
      return part.checksumCRC32() != null;
    }
  }

  /** The parts of an upload, by their numbers; none if it has ended. */
  List<StoredPart> parts(Upload upload) throws IOException {
    return unlessAbsent(
            "listing parts of " + upload.key(),
            () ->
                server
                    .calls()
                    .listPartsPaginator(
                        request -> request.bucket(bucket).key(upload.key()).uploadId(upload.id()))
                    .parts()
                    .stream()
                    .map(S3Calls::stored)
                    .toList())
        .orElseGet(List::of);
  }

  private static StoredPart stored(software.amazon.awssdk.services.s3.model.Part part) {
    return new StoredPart(
        CompletedPart.builder()
            .partNumber(part.partNumber())
            .eTag(part.eTag())
            .checksumCRC32(part.checksumCRC32())
            .build(),
        part.size());
  }

  void requireBucket() throws IOException {
    run(
        "looking for the bucket",
        () -> server.calls().headBucket(request -> request.bucket(bucket)));
  }

  static <T> T run(String doing, Supplier<T> call) throws IOException {
    try {
      return call.get();
    } catch (SdkException failure) {
      throw S3Failures.of(doing, failure);
    }
  }

  private static <T> Optional<T> unlessAbsent(String doing, Supplier<T> call) throws IOException {
    try {
      return Optional.of(call.get());
    } catch (SdkException failure) {
      if (S3Failures.hasStatus(failure, 404)) {
        return Optional.empty();
      }
      throw S3Failures.of(doing, failure);
    }
  }

  /**
   * A multipart upload.
   *
   * @param hasChecksums whether each of its parts has a CRC-32, with which it must be completed
   */
  record Upload(String key, String id, boolean hasChecksums) {}
}
