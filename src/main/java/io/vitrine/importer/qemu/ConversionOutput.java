package io.vitrine.importer.qemu;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.DoubleConsumer;
import java.util.regex.Pattern;

/** Parses the output of qemu-img: progress, and error messages in between. */
final class ConversionOutput {
  private static final int MAX_MESSAGE_CHARACTERS = 8 << 10;
  private static final Pattern PROGRESS = Pattern.compile("\\s*\\((\\d{1,3}\\.\\d+)/100%\\)");

  private final DoubleConsumer percent;
  private final StringBuilder line = new StringBuilder();
  private final StringBuilder message = new StringBuilder();
  private double reached = -1;

  ConversionOutput(DoubleConsumer percent) {
    this.percent = percent;
  }

  /** Reads until the process closes its output. Reported progress never decreases. */
  void readAll(InputStream output) throws IOException {
    var buffer = new byte[4096];
    for (int read = output.read(buffer); read >= 0; read = output.read(buffer)) {
      for (char character : new String(buffer, 0, read, ISO_8859_1).toCharArray()) {
        accept(character);
      }
    }
    endLine();
  }

  /** The beginning of the error messages; not for users, as it names files. */
  String message() {
    return message.toString();
  }

  private void accept(char character) {
    if (character == '\r' || character == '\n') {
      endLine();
    } else if (line.length() < MAX_MESSAGE_CHARACTERS) {
      line.append(character);
    }
  }

  private void endLine() {
    var progress = PROGRESS.matcher(line);
    if (progress.matches()) {
      report(Double.parseDouble(progress.group(1)));
    } else if (message.length() + line.length() < MAX_MESSAGE_CHARACTERS && !line.isEmpty()) {
      message.append(line).append('\n');
    }
    line.setLength(0);
  }

  private void report(double value) {
    if (value > reached) {
      reached = value;
      percent.accept(value);
    }
  }
}
