package io.vitrine.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A link to a database of this machine that fails as networks do. */
public final class TestingProxy implements AutoCloseable {
  private static final byte[] COMMIT = "COMMIT".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean isFrozen;
  private volatile Cut cut = Cut.NONE;
  private volatile String marker = "";

  /**
   * Which COMMIT ends the connection: none, one that the server never sees, or one that it does.
   */
  public enum Cut {
    NONE,
    BEFORE,
    AFTER
  }

  /** Listens on a free port for the database on another one. */
  public TestingProxy(int target) throws IOException {
    this(0, target);
  }

  /** Listens on a port for the database on another one. */
  public TestingProxy(int port, int target) throws IOException {
    this.target = target;
    listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** The port that is listened on. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Lets nothing through any more, but keeps all connections, as after a cut cable. */
  public void freeze() {
    isFrozen = true;
  }

  /** Lets everything through again, also what has been held back. */
  public void thaw() {
    isFrozen = false;
  }

  /** Ends a connection, once, with the COMMIT of what has sent this text. */
  public void cutCommit(String text, Cut how) {
    marker = text;
    cut = how;
  }

  /** Whether the connection that was to be cut has been. */
  public boolean hasCut() {
    return cut == Cut.NONE;
  }

  private void accept() {
    try {
      for (; ; ) {
        var client = listener.accept();
        var server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        var isDoomed = new AtomicBoolean();
        Thread.ofVirtual().start(() -> send(client, server, isDoomed));
        Thread.ofVirtual().start(() -> answer(server, client, isDoomed));
      }
    } catch (IOException closed) {
      sockets.forEach(TestingProxy::close);
    }
  }

  /** From the client to the server. */
  private void send(Socket client, Socket server, AtomicBoolean isDoomed) {
    var isMarked = new AtomicBoolean();
    copy(
        client,
        server,
        bytes -> {
          if (cut == Cut.NONE) {
            return true;
          }
          isMarked.compareAndSet(
              false, contains(bytes, marker.getBytes(StandardCharsets.US_ASCII)));
          if (!isMarked.get() || !contains(bytes, COMMIT)) {
            return true;
          }
          boolean isSent = cut == Cut.AFTER;
          cut = Cut.NONE;
          isDoomed.set(true);
          return isSent;
        });
  }

  /** From the server to the client; the answer to the doomed COMMIT gets lost. */
  private void answer(Socket server, Socket client, AtomicBoolean isDoomed) {
    copy(server, client, bytes -> !isDoomed.get());
  }

  private void copy(Socket from, Socket to, Filter filter) {
    try (from;
        to) {
      var buffer = new byte[1 << 16];
      for (int length = from.getInputStream().read(buffer);
          length > 0;
          length = from.getInputStream().read(buffer)) {
        var bytes = Arrays.copyOf(buffer, length);
        while (isFrozen) {
          LockSupport.parkNanos(1_000_000);
        }
        if (!filter.lets(bytes)) {
          return;
        }
        to.getOutputStream().write(bytes);
      }
    } catch (IOException broken) {
      // So does a network.
    }
  }

  private interface Filter {
    boolean lets(byte[] bytes);
  }

  private static boolean contains(byte[] bytes, byte[] text) {
    return new String(bytes, StandardCharsets.ISO_8859_1)
        .contains(new String(text, StandardCharsets.ISO_8859_1));
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() throws IOException {
    isFrozen = false;
    listener.close();
  }
}
