package io.vitrine.fetch;

import io.vertx.core.MultiMap;
import java.util.Optional;

/**
 * The position at which a response starts.
 *
 * @param fromByte 0 for the whole file
 * @param validator an earlier {@link Fetched#validator()}; if the file has changed since, the
 *     server sends all of it (RFC 9110 section 13.1.5)
 */
public record ResumePoint(long fromByte, Optional<String> validator) {
  /** The whole file. */
  public static final ResumePoint BEGINNING = new ResumePoint(0, Optional.empty());

  /** Starts at the given byte, even if the file has changed. */
  public static ResumePoint at(long fromByte) {
    return new ResumePoint(fromByte, Optional.empty());
  }

  void putHeaders(MultiMap headers) {
    if (fromByte > 0) {
      headers.set("Range", "bytes=" + fromByte + "-");
      validator.ifPresent(known -> headers.set("If-Range", known));
    }
  }
}
