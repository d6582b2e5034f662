package io.vitrine.image.problem;

/**
 * An expected failure, by its meaning to the caller. The detail is for the user: it says what to
 * change, and contains no path, address or credential.
 */
public sealed interface Problem {
  /** What is wrong and what to change, as one sentence. */
  String detail();

  /** The request violates the form or the values that the API defines. */
  record Invalid(String detail) implements Problem {}

  /** The request is not authenticated. */
  record Unauthenticated(String detail) implements Problem {}

  /** The caller may know of the object, but not do this to it. */
  record Forbidden(String detail) implements Problem {}

  /** The object does not exist, or the caller may not know of it. */
  record NotFound(String detail) implements Problem {}

  /** The state of the image, or a name already taken, prevents this now. */
  record Conflict(String detail) implements Problem {}

  /** Another request is at work on this; a retry soon may succeed. */
  record Locked(String detail) implements Problem {}

  /** The data of this request is not what its checksum says. */
  record ChecksumMismatch(String detail) implements Problem {}

  /** The image was deleted during the transfer of its data. */
  record Gone(String detail) implements Problem {}

  /** More bytes or items than a limit or a store allows. */
  record TooLarge(String detail) implements Problem {}

  /** A store has no space left now; a retry later may succeed. */
  record Full(String detail) implements Problem {}

  /** The content, or its declared type, is not accepted. */
  record UnsupportedContent(String detail) implements Problem {}

  /** The byte range lies outside the data of the given length in bytes. */
  record OutOfRange(String detail, long sizeBytes) implements Problem {}

  /** The client disconnected before the body was complete. */
  record Interrupted(String detail) implements Problem {}

  /** The client stopped sending in the middle of the body, and the timeout expired. */
  record Stalled(String detail) implements Problem {}

  /** The data is in the catalog, but neither in its store nor on another node. */
  record Missing(String detail) implements Problem {}

  /** The stored bytes differ from those written, and remain so until repaired. */
  record Damaged(String detail) implements Problem {}

  /** A service that this one depends on does not answer; a retry later may succeed. */
  record Unavailable(String detail) implements Problem {}

  /** Another node has the data but cannot be reached. */
  record Unreachable(String detail) implements Problem {}

  /** The operation or option exists, but this deployment does not offer it. */
  record NotOffered(String detail) implements Problem {}
}
