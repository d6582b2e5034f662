package io.vitrine.catalog.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ColumnsTest {
  /** All columns of a table, whichever a newer version has added. */
  private static final Pattern ALL = Pattern.compile("select \\* from \\w|returning \\*");

  @Test
  void statementsNameTheirColumns() throws IOException {
    try (var sources = Files.walk(Path.of("src/main/java/io/vitrine/catalog"))) {
      assertThat(sources.filter(Files::isRegularFile).filter(ColumnsTest::readsAll)).isEmpty();
    }
  }

  private static boolean readsAll(Path source) {
    try {
      return ALL.matcher(Files.readString(source)).find();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
