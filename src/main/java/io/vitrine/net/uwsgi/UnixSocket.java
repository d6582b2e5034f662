package io.vitrine.net.uwsgi;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The file of a Unix socket, which outlives the process that listens on it. */
public final class UnixSocket {
  private UnixSocket() {}

  /** Removes a stale socket; fails if a process listens on it, or if the file is no socket. */
  public static void clear(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
      throw new IOException("another process is listening on " + path);
    } catch (ConnectException nobody) {
      Files.delete(path);
    }
  }

  /** Lets any user connect who can enter the directory. */
  public static void open(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
  }
}
