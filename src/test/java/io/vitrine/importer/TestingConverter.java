package io.vitrine.importer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitrine.importer.convert.DiskImage;
import io.vitrine.importer.convert.QemuImg;
import io.vitrine.importer.convert.Sandbox;
import java.io.PrintStream;
import java.nio.file.Path;

/** A program that starts a conversion that never ends, and prints the process that converts. */
public final class TestingConverter {
  private TestingConverter() {}

  /** Takes the source and the target. */
  public static void main(String[] arguments) throws Exception {
    var qemuImg = new QemuImg("qemu-img", Sandbox.probe(), TestingImages.LIMITS);
    var output = new PrintStream(System.out, true, UTF_8);
    qemuImg
        .convert(
            new DiskImage(Path.of(arguments[0]), "raw"),
            new DiskImage(Path.of(arguments[1]), "qcow2"),
            percent -> output.println(TestingImages.freezeConverter()))
        .done()
        .await();
  }
}
