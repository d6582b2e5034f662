package io.vitrine.net.uwsgi;

/** A packet that is not a valid request; the front gets a status and a sentence. */
final class RefusedPacketException extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  RefusedPacketException(int status, String detail) {
    super(detail, null, false, false);
    this.status = status;
  }

  static RefusedPacketException malformed(String detail) {
    return new RefusedPacketException(400, detail);
  }

  /** The status of the answer. */
  int status() {
    return status;
  }

  /** The sentence for the client; it repeats none of the packet's values. */
  String detail() {
    return String.valueOf(getMessage());
  }
}
