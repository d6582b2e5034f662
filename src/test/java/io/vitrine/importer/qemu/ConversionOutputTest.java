package io.vitrine.importer.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class ConversionOutputTest {
  private final ArrayList<Double> percents = new ArrayList<>();
  private final ConversionOutput output = new ConversionOutput(percents::add);

  @Test
  void reportsProgressThatOnlyGrows() throws IOException {
    read(
        "    (0.00/100%)\r    (50.25/100%)\r    (50.25/100%)\r    (49.00/100%)\r    (100.00/100%)\r");

    assertThat(percents).containsExactly(0.0, 50.25, 100.0);
    assertThat(output.message()).isEmpty();
  }

  @Test
  void keepsTheBeginningOfItsMessages() throws IOException {
    read("    (0.00/100%)\rerror: one\nerror: two\n" + "long ".repeat(10_000));

    assertThat(output.message()).isEqualTo("error: one\nerror: two\n");
  }

  private void read(String text) throws IOException {
    output.readAll(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }
}
