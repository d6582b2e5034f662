package io.vitrine.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** curl as the client of uploads. */
final class Curl {
  private Curl() {}

  /** The seconds that it took to send a file; fails unless the answer is a success. */
  static double upload(String url, Path file, String... options)
      throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                "curl", "--silent", "--show-error", "--fail", "--upload-file", file.toString()));
    command.addAll(List.of("-H", "Expect:", "-H", "Content-Type: application/octet-stream"));
    command.addAll(List.of(options));
    command.addAll(List.of("--write-out", "%{time_total}", url));
    return Double.parseDouble(Tools.run(command.toArray(String[]::new)).strip());
  }
}
