package io.vitrine.store.s3;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Maps failures of S3 to those that all stores share; the original is kept for the log. */
final class S3Failures {
  private S3Failures() {}

  /** A failed call; a full store is worded as strerror(3) does. */
  static IOException of(String doing, SdkException failure) {
    return new IOException(
        isFull(failure)
            ? "S3 has no space left, or a quota exceeded, " + doing
            : "S3 failed " + doing,
        failure);
  }

  static IOException exists(String key) {
    return new FileAlreadyExistsException(key);
  }

  static boolean hasStatus(SdkException failure, int status) {
    return failure instanceof S3Exception answer && answer.statusCode() == status;
  }

  private static boolean isFull(SdkException failure) {
    if (!(failure instanceof S3Exception answer) || answer.awsErrorDetails() == null) {
      return false;
    }
    var code = String.valueOf(answer.awsErrorDetails().errorCode());
    return answer.statusCode() == 507 || code.contains("Quota") || code.contains("StorageFull");
  }
}
