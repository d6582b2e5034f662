package io.vitrine.benchmark;

import io.vitrine.format.DiskFormats;
import io.vitrine.format.DiskFormats.NewImage;
import io.vitrine.format.block.ClusterCompression;
import io.vitrine.format.block.FileSource;
import io.vitrine.format.conversion.DiskConversion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One conversion by qemu-img and by Vitrine, in turns. */
final class EngineCase {
  private static final double MOST_TIME = 1.0;
  private static final double MOST_CPU = 1.2;

  /**
   * What to convert.
   *
   * @param turns in each round, and before the first until the code is compiled: the more, the
   *     shorter one is
   */
  record Order(String name, Path source, String from, NewImage image, int turns) {
    boolean isCompressed() {
      return image.compression() != ClusterCompression.NONE;
    }
  }

  private final Order order;
  private final Path output;
  private final Series qemuTime;
  private final Series qemuCpu;
  private final Series time;
  private final Series cpu = new Series("the same, CPU s");
  private final Series commandTime = new Series("as a command, s");
  private final Series commandCpu = new Series("the same, CPU s");

  EngineCase(Order order, Path output) {
    this.order = order;
    this.output = output;
    qemuTime = new Series(order.name() + ", qemu-img -W -m 16, s");
    qemuCpu = new Series("the same, CPU s");
    time = new Series(order.name() + ", Vitrine, s");
  }

  void warmUp() throws Exception {
    for (int run = 0; run < order.turns(); run++) {
      Files.deleteIfExists(output);
      convert();
    }
    Tools.run(
        "qemu-img",
        "compare",
        "-f",
        order.from(),
        "-F",
        order.image().diskFormat(),
        order.source().toString(),
        output.toString());
    Files.delete(output);
  }

  void run() throws Exception {
    for (int turn = 0; turn < order.turns(); turn++) {
      // What comes second finds memory that was just freed, which the system gives out sooner.
      if (time.values().size() % 2 == 0) {
        add(Cost.of(qemuImg()), qemuTime, qemuCpu);
        add(Cost.of(this::convert), time, cpu);
      } else {
        add(Cost.of(this::convert), time, cpu);
        add(Cost.of(qemuImg()), qemuTime, qemuCpu);
      }
      add(Cost.of(command()), commandTime, commandCpu);
    }
  }

  /** Files that are made anew: those that are emptied are written to the disk when closed. */
  private void add(Cost cost, Series seconds, Series cpuSeconds) throws Exception {
    seconds.add(cost.seconds());
    cpuSeconds.add(cost.cpuSeconds());
    Files.delete(output);
  }

  private void convert() throws Exception {
    int threads = Runtime.getRuntime().availableProcessors();
    try (var source = DiskFormats.open(order.from(), FileSource.open(order.source()));
        var target = DiskFormats.create(output, order.image())) {
      new DiskConversion(source, target, threads).run();
    }
  }

  private List<String> qemuImg() {
    return words("qemu-img", "convert", "-W", "-m", "16", "-f", order.from());
  }

  private List<String> command() {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var jar = Path.of("target", "vitrine.jar").toAbsolutePath().toString();
    return words(java, "-jar", jar, "image", "convert", "--quiet", "-f", order.from());
  }

  private List<String> words(String... first) {
    var words = new ArrayList<>(List.of(first));
    words.addAll(List.of("-O", order.image().diskFormat()));
    if (order.isCompressed()) {
      words.add("-c");
    }
    words.addAll(List.of(order.source().toString(), output.toString()));
    return words;
  }

  void report(Report report) {
    report.plain(qemuTime);
    report.plain(qemuCpu);
    report.atMost(time, qemuTime, MOST_TIME);
    report.atMost(cpu, qemuCpu, MOST_CPU);
    report.compared(commandTime, qemuTime);
    report.compared(commandCpu, qemuCpu);
  }
}
