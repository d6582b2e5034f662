package io.vitrine.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs qemu-img without any sandbox, as its users do to make their images. */
public final class TestingQemu {
  private TestingQemu() {}

  /** Another form of a raw image, beside it; the options begin with qemu's name of the format. */
  public static Path convert(Path raw, String options) throws Exception {
    var target = raw.resolveSibling("other." + options.replaceAll("[^a-zA-Z0-9]", ""));
    var arguments = new ArrayList<>(List.of("convert", "-f", "raw", "-O"));
    arguments.addAll(List.of(options.split(" ", -1)));
    arguments.addAll(List.of(raw.toString(), target.toString()));
    img(arguments.toArray(String[]::new));
    return target;
  }

  /** Runs qemu-img, which must succeed. */
  public static void img(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("qemu-img"));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).as("install qemu-utils; %s", String.join(" ", command)).isZero();
  }
}
