package io.vitrine.format.vdi;

import static io.vitrine.format.vdi.TestingVdi.FREE;
import static io.vitrine.format.vdi.TestingVdi.ZERO;

import java.util.List;

/** Small images of every kind, to be spoiled. */
public final class TestingVdiSamples {
  private TestingVdiSamples() {}

  /** The bytes of the files. */
  public static List<byte[]> all() {
    return List.of(
        TestingVdi.dynamic(512, 2, FREE, 0, ZERO, 1, FREE).file(0),
        TestingVdi.dynamic(4096, 0, 1, FREE, 3, 2).file(700),
        TestingVdi.fixed(1024, 5).file(0),
        TestingVdi.dynamic(1 << 16, FREE, ZERO).file(0));
  }
}
