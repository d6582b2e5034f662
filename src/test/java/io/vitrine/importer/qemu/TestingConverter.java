package io.vitrine.importer.qemu;

import io.vitrine.importer.TestingImages;
import io.vitrine.importer.engine.DiskImage;
import java.nio.file.Path;

/** A program that converts with a given qemu-img. */
final class TestingConverter {
  private TestingConverter() {}

  /** Takes the program, the source and the target. */
  public static void main(String[] arguments) throws Exception {
    new QemuImg(arguments[0], Sandbox.ofThisMachine(), TestingImages.LIMITS)
        .convert(
            new DiskImage(Path.of(arguments[1]), "raw"),
            new DiskImage(Path.of(arguments[2]), "qcow2"))
        .done()
        .await();
  }
}
