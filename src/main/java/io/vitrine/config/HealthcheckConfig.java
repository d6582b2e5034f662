package io.vitrine.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Files by which an operator takes a process out of the balancers' hands, as oslo.middleware has
 * them.
 *
 * @param disableByFilePath while it is there, the process is not well
 * @param disableByFilePaths the same for one port each: {@code 9292:/path}
 * @param enableByFilePaths while one of them is missing, the process is not well
 * @param detailed whether the answers tell more than that
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

  static HealthcheckConfig from(Section section) {
    return new HealthcheckConfig(
        section.optionalPath("disable_by_file_path"),
        section.texts(
            "disable_by_file_paths", PORT_AND_PATH, "ports with paths such as 9292:/etc/off"),
        section.texts("enable_by_file_paths", PATH, "absolute paths"),
        section.flag("detailed"));
  }
}
