package io.vitrine.net.uwsgi;

/** A connection whose other end, a web server, says under which path it offers this service. */
public interface Mounted {
  /**
   * The front's {@code SCRIPT_NAME} for the request under way: empty, or a path that begins with a
   * slash and does not end with one.
   */
  String mountPoint();
}
