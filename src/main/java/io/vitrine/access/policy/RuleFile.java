package io.vitrine.access.policy;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Rules of a file in YAML or JSON: texts or lists by name. */
final class RuleFile {
  private static final int MAX_BYTES = 4 << 20;

  private RuleFile() {}

  /** The built-in rules. */
  static Map<String, Object> defaults() {
    try (var text =
        new InputStreamReader(
            Objects.requireNonNull(RuleFile.class.getResourceAsStream("policy-defaults.yaml")),
            StandardCharsets.UTF_8)) {
      return read("policy-defaults.yaml", text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The rules of a file; throws {@link PolicyException}. */
  static Map<String, Object> read(Path file) {
    try (var text = Files.newBufferedReader(file)) {
      return read(file.toString(), text);
    } catch (IOException failure) {
      throw new PolicyException(List.of("%s cannot be read: %s".formatted(file, failure)));
    }
  }

  private static Map<String, Object> read(String name, Reader text) {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setCodePointLimit(MAX_BYTES);
    try {
      return switch (new Yaml(new SafeConstructor(options)).<Object>load(text)) {
        case null -> Map.of();
        case Map<?, ?> rules -> rules(rules);
        default -> throw new PolicyException(List.of(name + ": the file does not hold rules"));
      };
    } catch (YAMLException malformed) {
      throw new PolicyException(
          List.of("%s is neither YAML nor JSON: %s".formatted(name, malformed.getMessage())));
    }
  }

  /**
   * An entry without a value is not the empty text, which allows everybody, so it is kept as
   * something that is no rule.
   */
  private static Map<String, Object> rules(Map<?, ?> entries) {
    var rules = new LinkedHashMap<String, Object>();
    entries.forEach(
        (name, rule) -> rules.put(String.valueOf(name), Objects.requireNonNullElse(rule, false)));
    return rules;
  }
}
