package io.vitrine.api.filter;

import io.vitrine.config.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Files by which an operator takes a process out of load balancing, as in oslo.middleware.
 *
 * @param disableByFilePath while the file exists, the process reports unhealthy
 * @param disableByFilePaths the same for single ports: {@code 9292:/path}
 * @param enableByFilePaths while one of the files is missing, the process reports unhealthy
 * @param detailed whether answers include details
 */
public record HealthcheckConfig(
    Optional<Path> disableByFilePath,
    List<String> disableByFilePaths,
    List<String> enableByFilePaths,
    boolean detailed) {
  private static final Pattern PORT_AND_PATH = Pattern.compile("[0-9]{1,5}:/[^\\x00]*");
  private static final Pattern PATH = Pattern.compile("/[^\\x00]*");

  /** Copies the lists. */
  public HealthcheckConfig {
    disableByFilePaths = List.copyOf(disableByFilePaths);
    enableByFilePaths = List.copyOf(enableByFilePaths);
  }

  /** Reads the section. */
  public static HealthcheckConfig from(Section section) {
    return new HealthcheckConfig(
        section.optionalPath("disable_by_file_path"),
        section.texts(
            "disable_by_file_paths", PORT_AND_PATH, "ports with paths such as 9292:/etc/off"),
        section.texts("enable_by_file_paths", PATH, "absolute paths"),
        section.flag("detailed"));
  }

  /** The files that disable single ports; of several for one port the last one counts. */
  Map<Integer, String> disablingByPort() {
    return disableByFilePaths.stream()
        .map(text -> text.split(":", 2))
        .collect(
            Collectors.toMap(
                parts -> Integer.valueOf(parts[0]), parts -> parts[1], (first, last) -> last));
  }
}
