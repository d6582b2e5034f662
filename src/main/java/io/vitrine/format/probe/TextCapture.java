package io.vitrine.format.probe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Text up to its first zero byte or a limit. It is captured block by block, so that binary content
 * costs next to nothing.
 */
public final class TextCapture {
  private static final int BLOCK_BYTES = 4096;

  private final List<Region> blocks = new ArrayList<>();
  private final int limitBytes;
  private int capturedBytes;

  /** The first block may already have been captured. */
  public TextCapture(Region first, int limitBytes) {
    blocks.add(first);
    this.limitBytes = limitBytes;
  }

  /** The next region to capture; empty once the end of the text is known. */
  public List<Region> next() {
    var last = blocks.getLast();
    if (!last.isComplete()) {
      return List.of(last);
    }
    var bytes = last.captured();
    capturedBytes += bytes.length;
    if (indexOfZero(bytes) < bytes.length || capturedBytes >= limitBytes) {
      return List.of();
    }
    var block = new Region(last.wanted(), Math.min(BLOCK_BYTES, limitBytes - capturedBytes));
    blocks.add(block);
    return List.of(block);
  }

  /** The text up to the first zero byte, as ISO 8859-1. */
  public String text() {
    var text = new ByteArrayOutputStream();
    blocks.forEach(block -> text.writeBytes(block.captured()));
    var bytes = text.toByteArray();
    return new String(bytes, 0, indexOfZero(bytes), StandardCharsets.ISO_8859_1);
  }

  private static int indexOfZero(byte[] bytes) {
    var index = 0;
    while (index < bytes.length && bytes[index] != 0) {
      index++;
    }
    return index;
  }
}
