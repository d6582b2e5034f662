package io.vitrine.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What some work took.
 *
 * @param seconds by the wall clock
 * @param cpuSeconds of all threads together
 */
record Cost(double seconds, double cpuSeconds) {
  /** Work within this process. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /** Measures this process, with its compiler and collector. */
  static Cost of(Work work) throws Exception {
    var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long start = System.nanoTime();
    long cpuNanos = process.getProcessCpuTime();
    work.run();
    cpuNanos = process.getProcessCpuTime() - cpuNanos;
    return new Cost((System.nanoTime() - start) / 1e9, cpuNanos / 1e9);
  }

  /** Measures a program from its start to its end. */
  static Cost of(List<String> command) throws IOException, InterruptedException {
    var timed = Stream.of("bash", "-c", "TIMEFORMAT='%R %U %S'; time \"$@\"", "bash");
    var output = Tools.run(Stream.concat(timed, command.stream()).toArray(String[]::new));
    var figures =
        Arrays.stream(output.strip().lines().toList().getLast().split(" "))
            .map(figure -> figure.replace(',', '.'))
            .mapToDouble(Double::parseDouble)
            .toArray();
    return new Cost(figures[0], figures[1] + figures[2]);
  }
}
