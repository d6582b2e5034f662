package io.vitrine.net.uwsgi;

/** A connection from a web server that reports the path it offers this service at. */
public interface Mounted {
  /**
   * The front's {@code SCRIPT_NAME} for the current request: empty, or a path that begins with a
   * slash and does not end with one.
   */
  String mountPoint();
}
