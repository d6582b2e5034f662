package io.vitrine.catalog.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port that leads to a server's. What goes over it can be held up, as by a network that has lost
 * the server: nothing is answered and nothing is closed.
 */
final class TestingLine implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private volatile boolean isHeld;
  private final AtomicInteger epoch = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();

  TestingLine(int target) throws IOException {
    this.target = target;
    listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections were made so far. */
  int accepted() {
    return accepted.get();
  }

  /** From now on nothing comes through, on old connections and new ones. */
  void hold() {
    isHeld = true;
    epoch.incrementAndGet();
  }

  /** New connections come through again; those from before stay dead. */
  void release() {
    isHeld = false;
  }

  private void accept() {
    try {
      while (true) {
        var near = listener.accept();
        accepted.incrementAndGet();
        sockets.add(near);
        if (!isHeld) {
          var far = new Socket(InetAddress.getLoopbackAddress(), target);
          sockets.add(far);
          int born = epoch.get();
          Thread.ofVirtual().start(() -> carry(near, far, born));
          Thread.ofVirtual().start(() -> carry(far, near, born));
        }
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void carry(Socket from, Socket to, int born) {
    var block = new byte[8192];
    try {
      var source = from.getInputStream();
      for (int count = source.read(block); count >= 0; count = source.read(block)) {
        if (epoch.get() == born) {
          to.getOutputStream().write(block, 0, count);
        }
      }
      if (epoch.get() == born) {
        to.close();
      }
    } catch (IOException cut) {
      closeQuietly(to);
    }
  }

  private void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sockets.forEach(this::closeQuietly);
  }
}
