package io.vitrine.image.problem;

/**
 * An expected failure, by what it means to the caller. The detail is written for the user: it says
 * what to change and holds no path, address or credential.
 */
public sealed interface Problem {
  /** What is wrong and what to change, as one sentence. */
  String detail();

  /** The request does not have the form or the values that the API asks for. */
  record Invalid(String detail) implements Problem {}

  /** Nobody is known to be calling. */
  record Unauthenticated(String detail) implements Problem {}

  /** The caller may see this but not do that. */
  record Forbidden(String detail) implements Problem {}

  /** There is no such thing, or not for this caller. */
  record NotFound(String detail) implements Problem {}

  /** The state of the image, or a name already taken, does not allow this now. */
  record Conflict(String detail) implements Problem {}

  /** The image was deleted while its data was on the way. */
  record Gone(String detail) implements Problem {}

  /** More bytes or items than a limit allows, or than a store could ever take. */
  record TooLarge(String detail) implements Problem {}

  /** A store has no room for the data now; there may be some later. */
  record Full(String detail) implements Problem {}

  /** The content, or its declared type, is not one that can be accepted. */
  record UnsupportedContent(String detail) implements Problem {}

  /** The byte range lies outside the data, whose length in bytes is given. */
  record OutOfRange(String detail, long sizeBytes) implements Problem {}

  /** The client stopped sending before the body was complete. */
  record Interrupted(String detail) implements Problem {}

  /** The client sent nothing more for longer than it may, though the body was not complete. */
  record Stalled(String detail) implements Problem {}

  /** The catalog knows data of which its store has nothing, nor can another node have it. */
  record Missing(String detail) implements Problem {}

  /** A store has other bytes than were written. They stay so until somebody repairs them. */
  record Damaged(String detail) implements Problem {}

  /** Something this service depends on does not answer now; trying again later may help. */
  record Unavailable(String detail) implements Problem {}

  /** Another node has what is needed, and cannot be asked now. */
  record Unreachable(String detail) implements Problem {}

  /** The operation or option is known but not offered by this deployment. */
  record NotOffered(String detail) implements Problem {}
}
