package io.vitrine.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** nginx that serves the files of a directory by sendfile, with nothing of the system's set-up. */
record NginxProcess(Process process, int port) implements WebServer, AutoCloseable {
  static NginxProcess start(Path directory) throws Exception {
    var prefix = Files.createDirectories(directory.resolve("nginx"));
    int port = Tools.freePort();
    var configuration = prefix.resolve("nginx.conf");
    Files.writeString(
        configuration,
        """
        daemon off;
        user %1$s;
        worker_processes auto;
        pid %2$s/pid;
        error_log %2$s/error.log;
        events { worker_connections 1024; }
        http {
          access_log off;
          sendfile on;
          client_body_temp_path %2$s/body;
          proxy_temp_path %2$s/proxy;
          fastcgi_temp_path %2$s/fastcgi;
          uwsgi_temp_path %2$s/uwsgi;
          scgi_temp_path %2$s/scgi;
          server { listen 127.0.0.1:%3$d; root %4$s; }
        }
        """
            .formatted(System.getProperty("user.name"), prefix, port, directory));
    var path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin";
    var builder =
        new ProcessBuilder(
            "/usr/bin/env",
            "PATH=" + path,
            "nginx",
            "-p",
            prefix.toString(),
            "-c",
            configuration.toString());
    builder.redirectErrorStream(true).redirectOutput(prefix.resolve("output").toFile());
    var nginx = new NginxProcess(Children.start(builder), port);
    try {
      nginx.awaitReady();
      return nginx;
    } catch (Exception failure) {
      nginx.close();
      throw failure;
    }
  }

  private void awaitReady() throws Exception {
    for (int attempt = 0; attempt < 100; attempt++) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
    }
    throw new IOException("nginx does not start; see target/benchmark/nginx");
  }

  @Override
  public ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public void close() {
    Children.end(process);
  }
}
