package io.vitrine.cli.transfer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A line to a server of this machine that breaks some connections once much has passed. */
final class BadLine implements AutoCloseable {
  private final ServerSocket listener;
  private volatile int target;
  private final AtomicInteger breaks = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final long bytes;

  /** A line that breaks connections after so many bytes, as often as told later. */
  BadLine(int target, long bytes) throws IOException {
    this.target = target;
    this.bytes = bytes;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** Leads new connections to another port. */
  void lead(int port) {
    target = port;
  }

  /** Breaks the next connections on which enough passes. */
  BadLine breakNext(int connections) {
    breaks.set(connections);
    return this;
  }

  /** How many bytes clients have sent. */
  long sent() {
    return sent.get();
  }

  private void accept() {
    try {
      while (true) {
        connect(listener.accept());
      }
    } catch (IOException closed) {
      breaks.set(0);
    }
  }

  /** Without a server, the client's connection is closed at once. */
  private void connect(Socket client) throws IOException {
    try {
      var server = new Socket(InetAddress.getLoopbackAddress(), target);
      Thread.startVirtualThread(() -> pass(client, server, sent));
      Thread.startVirtualThread(() -> pass(server, client, new AtomicLong()));
    } catch (IOException nobody) {
      client.close();
    }
  }

  private void pass(Socket from, Socket to, AtomicLong count) {
    var piece = new byte[64 << 10];
    long passed = 0;
    try (from;
        to) {
      for (int read = from.getInputStream().read(piece);
          read >= 0;
          read = from.getInputStream().read(piece)) {
        to.getOutputStream().write(piece, 0, read);
        count.addAndGet(read);
        passed += read;
        if (passed > bytes && breaks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          return;
        }
      }
    } catch (IOException broken) {
      // The other direction ends too, as both sockets are closed.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
