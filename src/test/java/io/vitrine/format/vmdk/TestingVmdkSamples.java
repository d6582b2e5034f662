package io.vitrine.format.vmdk;

import io.vitrine.format.vmdk.TestingVmdk.Layout;
import java.util.List;

/** Small images of every kind, to be spoiled. */
public final class TestingVmdkSamples {
  private TestingVmdkSamples() {}

  /** The bytes of the files. */
  public static List<byte[]> all() {
    return List.of(
        new TestingVmdk(Layout.MONOLITHIC, 37, 0, 5, 4, 18, 9).toBytes(),
        new TestingVmdk(Layout.STREAM, 37, 0, 5, 4, 18, 9).toBytes(),
        new TestingVmdk(Layout.FOOTER, 37, 0, 5, 4, 18, 9).toBytes(),
        new TestingVmdk(Layout.MONOLITHIC, 20).toBytes(),
        new TestingVmdk(Layout.FOOTER, 8, 0, 1, 2, 3).toBytes(),
        new TestingVmdk(Layout.FOOTER, 8).toBytes());
  }
}
