package io.vitrine.fetch;

import io.vertx.core.MultiMap;
import java.util.Optional;

/**
 * Where an answer is to begin.
 *
 * @param fromByte 0 for the whole file
 * @param validator what {@link Fetched#validator()} was before: if the file has another by now, the
 *     server is to send all of it (RFC 9110 section 13.1.5)
 */
public record Start(long fromByte, Optional<String> validator) {
  /** The whole file. */
  public static final Start BEGINNING = new Start(0, Optional.empty());

  /** Asks for the bytes from the given one on, whatever has become of the file. */
  public static Start at(long fromByte) {
    return new Start(fromByte, Optional.empty());
  }

  void putHeaders(MultiMap headers) {
    if (fromByte > 0) {
      headers.set("Range", "bytes=" + fromByte + "-");
      validator.ifPresent(known -> headers.set("If-Range", known));
    }
  }
}
