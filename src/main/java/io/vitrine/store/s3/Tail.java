package io.vitrine.store.s3;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Data of an unfinished blob that is too short for a part, as an object beside that of the blob.
 *
 * @param from where the data begins in the blob
 * @param to where it ends
 */
record Tail(String key, long from, long to) {
  /** Follows the key of the blob. */
  static final String SUFFIX = "\\.tail-(\\d{1,18})-(\\d{1,18})";

  private static final Pattern KEY = Pattern.compile(".*" + SUFFIX);

  /** A tail of the blob with a key. */
  static Tail of(String blob, long from, long to) {
    return new Tail("%s.tail-%d-%d".formatted(blob, from, to), from, to);
  }

  /** Those of the blob with a key. */
  static List<Tail> all(S3Calls calls, String blob) throws IOException {
    return S3Calls.run(
        "listing what is kept of " + blob,
        () ->
            calls.objects(blob + ".tail-").stream()
                .map(object -> KEY.matcher(object.key()))
                .filter(name -> name.matches())
                .map(
                    name ->
                        new Tail(
                            name.group(),
                            Long.parseLong(name.group(1)),
                            Long.parseLong(name.group(2))))
                .toList());
  }
}
