package io.vitrine.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What this program was built from.
 *
 * @param version the version in the jar's manifest, or {@link #UNPACKAGED}
 * @param revision the commit, with {@code -dirty} if files differed from it, or {@link #UNKNOWN}
 */
public record Build(String version, String revision) {
  /** The version of classes that are in no jar. */
  public static final String UNPACKAGED = "(unpackaged)";

  /** The revision of sources without a git repository. */
  public static final String UNKNOWN = "unknown";

  /** The build of the running program. */
  public static Build ofThisProgram() {
    var version = Build.class.getPackage().getImplementationVersion();
    return new Build(Objects.requireNonNullElse(version, UNPACKAGED), revision("revision"));
  }

  /** Reads a resource beside this class, which {@code pom.xml} makes. */
  static String revision(String resource) {
    try (var file = Build.class.getResourceAsStream(resource)) {
      return text(file == null ? null : new String(file.readAllBytes(), UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String text(@Nullable String content) {
    return content == null || content.isBlank() ? UNKNOWN : content.strip();
  }

  /** The version, and the revision if known. */
  @Override
  public String toString() {
    return revision.equals(UNKNOWN) ? version : version + " (" + revision + ")";
  }
}
