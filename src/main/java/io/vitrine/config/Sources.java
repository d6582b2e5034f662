package io.vitrine.config;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Where values come from besides the built-in defaults; each overrides the ones before it.
 *
 * @param files YAML files; later ones override earlier ones
 * @param environment variables such as {@code VITRINE_HTTP__PORT}
 * @param arguments those of the command line, given the keys that files and environment set
 */
public record Sources(
    List<Path> files, Map<String, String> environment, UnaryOperator<JsonObject> arguments) {
  /** Copies the files. */
  public Sources {
    files = List.copyOf(files);
  }
}
