package io.vitrine.format.block;

import java.io.IOException;

/** What a test does when something happens at an offset of a disk. */
@FunctionalInterface
public interface OffsetHook {
  /** Blocks, fails or counts. */
  void at(long offset) throws IOException;
}
