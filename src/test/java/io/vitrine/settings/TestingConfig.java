package io.vitrine.settings;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vitrine.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Loads configurations written in a test. */
public final class TestingConfig {
  private TestingConfig() {}

  public static VitrineConfig defaults() {
    return VitrineConfig.load(List.of(), Map.of());
  }

  /** Loads the documents in their order, each from a file of its own. */
  public static VitrineConfig load(String... documents) {
    return load(Map.of(), documents);
  }

  public static VitrineConfig load(Map<String, String> environment, String... documents) {
    var files = new ArrayList<Path>();
    try {
      for (var document : documents) {
        var file = Files.createTempFile("vitrine", ".yaml");
        file.toFile().deleteOnExit();
        files.add(Files.writeString(file, document));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return VitrineConfig.load(files, environment);
  }

  public static List<String> faults(Map<String, String> environment, String... documents) {
    return catchThrowableOfType(ConfigException.class, () -> load(environment, documents)).faults();
  }

  public static List<String> faults(String... documents) {
    return faults(Map.of(), documents);
  }
}
