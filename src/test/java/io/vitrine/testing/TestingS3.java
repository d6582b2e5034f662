package io.vitrine.testing;

import io.vitrine.config.Secret;
import io.vitrine.net.address.Url;
import io.vitrine.store.s3.S3Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An S3 server, S3Proxy, in a process of its own; its buckets are directories. */
public final class TestingS3 implements TestingDaemon, AutoCloseable {
  /** The bucket that there is. */
  public static final String BUCKET = "images";

  /** What its user is known by. */
  public static final S3Config.Keys KEYS =
      new S3Config.Keys(new Secret("an-access-key"), new Secret("a-secret-key"));

  private final Path directory;
  private final int port;
  private Process process;

  private TestingS3(Path directory, int port, Process process) {
    this.directory = directory;
    this.port = port;
    this.process = process;
  }

  /** Starts a server that keeps all in a directory. */
  public static TestingS3 start(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("buckets").resolve(BUCKET));
    int port = freePort();
    return new TestingS3(directory, port, launch(directory, port));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Process launch(Path directory, int port) throws IOException {
    var settings = directory.resolve("s3proxy.conf");
    Files.writeString(
        settings,
        """
        s3proxy.endpoint=http://127.0.0.1:%d
        s3proxy.authorization=aws-v2-or-v4
        s3proxy.identity=%s
        s3proxy.credential=%s
        s3proxy.v4-max-non-chunked-request-size=1073741824
        jclouds.provider=filesystem-nio2
        jclouds.filesystem.basedir=%s
        """
            .formatted(
                port,
                KEYS.accessKey().value(),
                KEYS.secretKey().value(),
                directory.resolve("buckets")));
    var logging = directory.resolve("logback.xml");
    Files.writeString(logging, "<configuration><root level='WARN'/></configuration>");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dlogback.configurationFile=" + logging,
                "-classpath",
                System.getProperty("java.class.path"),
                "org.gaul.s3proxy.Main",
                "--properties",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("output").toFile()))
            .start();
    TestingConditions.await(() -> isListening(port) || !process.isAlive(), done -> done);
    return process;
  }

  private static boolean isListening(int port) {
    try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return probe.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Its URL. */
  public Url endpoint() {
    return Url.parse("http://127.0.0.1:" + port);
  }

  @Override
  public void stop() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void start() throws IOException {
    process = launch(directory, port);
  }

  @Override
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  @Override
  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    var kill = List.of("kill", "-" + name, String.valueOf(process.pid()));
    if (!new ProcessBuilder(kill).start().waitFor(10, TimeUnit.SECONDS)) {
      throw new IOException("kill hangs");
    }
  }

  /** What a store needs to use it. */
  public S3Config config(String prefix, S3Config.Parts parts, Duration patience) {
    return new S3Config(
        Optional.of(endpoint()),
        "us-east-1",
        BUCKET,
        prefix,
        KEYS,
        true,
        Optional.empty(),
        parts,
        Duration.ofSeconds(1),
        patience);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
