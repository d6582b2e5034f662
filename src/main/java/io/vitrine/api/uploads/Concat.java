package io.vitrine.api.uploads;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Requests;
import io.vitrine.catalog.blobs.Upload;
import io.vitrine.catalog.blobs.UploadParts;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a client says about parts when it creates an upload (tus 1.0.0, concatenation). */
sealed interface Concat {
  /** The name of the header. */
  String HEADER = "Upload-Concat";

  /** The upload is the whole data. */
  record Whole() implements Concat {}

  /** The upload is a part; another one will join it. */
  record Part() implements Concat {}

  /**
   * The upload is the data of others.
   *
   * @param text the header, as the client sent it
   * @param parts their ids, in order; none twice
   */
  record Joined(String text, List<UUID> parts) implements Concat {
    /** Reads the header of an upload that joins others. */
    static Joined of(String text) {
      if (!text.startsWith(FINAL)) {
        throw invalid(FORM);
      }
      var parts =
          Stream.of(text.substring(FINAL.length()).strip().split(" +", -1))
              .map(Concat::part)
              .toList();
      if (parts.size() > UploadParts.MOST || new HashSet<>(parts).size() < parts.size()) {
        throw invalid(FORM);
      }
      return new Joined(text, parts);
    }
  }

  /** What precedes the URLs of the parts. */
  String FINAL = "final;";

  /** What is wrong with other headers. */
  String FORM =
      "Upload-Concat must be partial, or final; and the URLs of at most %d different partial uploads."
          .formatted(UploadParts.MOST);

  /** The URL of an upload, with or without a host; a proxy may serve it below another path. */
  Pattern URL =
      Pattern.compile(
          "(?:https?://[^/]+)?(?:/[^?#]*)?/vitrine/v1/uploads/(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})");

  /** Reads the header of a request. */
  static Concat of(RoutingContext context) {
    var header = Requests.header(context, HEADER).map(String::strip);
    if (header.isEmpty()) {
      return new Whole();
    }
    return header.get().equals(Upload.PART) ? new Part() : Joined.of(header.get());
  }

  private static UUID part(String url) {
    var match = URL.matcher(url);
    if (!match.matches()) {
      throw invalid(FORM);
    }
    return UUID.fromString(match.group(1));
  }
}
