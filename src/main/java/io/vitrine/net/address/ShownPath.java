package io.vitrine.net.address;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Paths of requests as logs and traces show them: without the secrets of tickets. */
public final class ShownPath {
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");

  /** What a secret follows, or how it begins; but the ids of tickets are shown. */
  private static final Pattern SECRET =
      Pattern.compile("tickets/(?![0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$)|vtk_");

  private static final String HIDDEN = "…";

  private ShownPath() {}

  /** The path with nothing after the point where a secret may begin. */
  public static @Nullable String of(@Nullable String path) {
    if (path == null) {
      return null;
    }
    boolean isEscaped = path.indexOf('%') >= 0;
    var secret = SECRET.matcher(isEscaped ? decode(path) : path);
    if (!secret.find()) {
      return path;
    }
    // An escaped path hides where the secret begins, and may decode to line breaks.
    return isEscaped ? HIDDEN : path.substring(0, secret.end()) + HIDDEN;
  }

  private static String decode(String path) {
    return ESCAPE.matcher(path).replaceAll(ShownPath::decoded);
  }

  private static String decoded(MatchResult escape) {
    return Matcher.quoteReplacement(Character.toString(Integer.parseInt(escape.group(1), 16)));
  }
}
