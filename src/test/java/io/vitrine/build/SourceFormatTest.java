package io.vitrine.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every source file is laid out by google-java-format; {@code -Dformat.fix} rewrites those that are
 * not.
 */
class SourceFormatTest {
  private final Formatter formatter = new Formatter();

  @Test
  void everyFileIsFormatted() throws Exception {
    var unformatted = new ArrayList<Path>();

    for (var file : sources()) {
      var source = Files.readString(file);
      var formatted = format(source);
      if (!source.equals(formatted)) {
        unformatted.add(file);
        if (System.getProperty("format.fix") != null) {
          Files.writeString(file, formatted);
        }
      }
    }

    assertThat(unformatted)
        .as("not formatted; mvn test -Dtest=SourceFormatTest -Dformat.fix")
        .isEmpty();
  }

  private String format(String source) throws Exception {
    return formatter.formatSource(
        ImportOrderer.reorderImports(
            RemoveUnusedImports.removeUnusedImports(source), Style.GOOGLE));
  }

  private static List<Path> sources() throws IOException {
    try (var files = Files.walk(Path.of("src"))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
