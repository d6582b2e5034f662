package io.vitrine.catalog.embedded;

import io.vitrine.catalog.sql.DatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs PostgreSQL's programs as a user they accept: not root, and with a name. A user without a
 * name gets a user namespace; root becomes nobody.
 */
final class OrdinaryUser {
  private static final Path SELF = Path.of("/proc/self");
  private static final int ROOT = 0;
  private static final int NOBODY = 65534;
  private static final List<String> DIRECTLY = List.of();
  private static final List<String> IN_NAMESPACE = List.of("unshare", "--user");
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");

  private final List<String> prefix;

  private OrdinaryUser(List<String> prefix) {
    this.prefix = prefix;
  }

  /** Determines what works here and gives the directory to that user. */
  static OrdinaryUser owning(Path directory) throws IOException {
    var user = new OrdinaryUser(prefix(directory));
    if (uid(SELF) == ROOT) {
      own(directory, user.prefix.equals(AS_NOBODY) ? NOBODY : ROOT);
    }
    return user;
  }

  private static List<String> prefix(Path directory) throws IOException {
    var uid = uid(SELF);
    var hasName = !Files.getOwner(SELF).getName().equals(Integer.toString(uid));
    if (uid != ROOT && hasName) {
      return DIRECTLY;
    }
    if (works(IN_NAMESPACE, "true")) {
      return IN_NAMESPACE;
    }
    if (uid == ROOT && works(AS_NOBODY, "true")) {
      if (!works(AS_NOBODY, "test", "-x", directory.toString())) {
        throw new DatabaseException(
            "PostgreSQL does not run as root, and the user nobody cannot enter "
                + directory
                + "; move data.dir, open its parents, or run Vitrine as another user.");
      }
      return AS_NOBODY;
    }
    throw new DatabaseException(
        "PostgreSQL does not run as root or as a user without a name, and user namespaces are not"
            + " allowed here; run Vitrine as a user with an entry in /etc/passwd.");
  }

  /** Starts a PostgreSQL program with no environment variable but PATH. */
  Process start(List<String> command, ProcessBuilder.Redirect log) throws IOException {
    var whole = Stream.concat(prefix.stream(), command.stream()).toList();
    var builder = new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(log);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    return builder.start();
  }

  private static boolean works(List<String> prefix, String... command) throws IOException {
    var whole = new ArrayList<>(prefix);
    whole.addAll(List.of(command));
    try {
      return new ProcessBuilder(whole)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noSuchProgram) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Corrects the owner, as an earlier start may have used another user. */
  private static void own(Path directory, int uid) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.toList()) {
        if (uid(file, LinkOption.NOFOLLOW_LINKS) != uid) {
          Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }

  private static int uid(Path file, LinkOption... options) throws IOException {
    return (int) Files.getAttribute(file, "unix:uid", options);
  }
}
