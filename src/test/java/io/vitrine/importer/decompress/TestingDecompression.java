package io.vitrine.importer.decompress;

import static io.vitrine.importer.decompress.TestingArchives.MIB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.config.ByteSize;
import io.vitrine.image.problem.ProblemException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A program that decompresses a file to nowhere, and says how it went. */
final class TestingDecompression {
  private static final DecompressionConfig LIMITS =
      new DecompressionConfig(
          100, new ByteSize(0), new ByteSize(256L * MIB), Duration.ofMinutes(1));

  private TestingDecompression() {}

  /** What the program said, and the most physical memory that it had. */
  record Outcome(String problem, long outputBytes, long peakMemoryBytes) {}

  /** Runs the program with a heap of 32 MiB. */
  static Outcome run(Path file) throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path"),
                TestingDecompression.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    var lines = process.inputReader(UTF_8).readAllLines();
    assertThat(process.waitFor()).as(lines.toString()).isZero();
    return new Outcome(lines.get(0), Long.parseLong(lines.get(1)), Long.parseLong(lines.get(2)));
  }

  /** Takes the file. */
  public static void main(String[] arguments) throws Exception {
    var file = Path.of(arguments[0]);
    var output = new AtomicLong();
    var decompressor = new Decompressor(file, LIMITS);
    var console = new PrintStream(System.out, true, UTF_8);
    console.println(outcome(decompressor, output));
    console.println(output.get());
    console.println(peakMemoryBytes());
  }

  private static String outcome(Decompressor decompressor, AtomicLong output)
      throws InterruptedException {
    try {
      decompressor.run(
          decompressor.recognise().orElseThrow(), piece -> output.addAndGet(piece.length));
      return "";
    } catch (ProblemException refused) {
      return refused.problem().detail();
    }
  }

  private static long peakMemoryBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElseThrow();
  }
}
