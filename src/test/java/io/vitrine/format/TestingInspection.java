package io.vitrine.format;

import io.vitrine.format.probe.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Inspects content as an upload does. */
public final class TestingInspection {
  private TestingInspection() {}

  /** The verdict on content that arrives at once. */
  public static Inspection inspect(byte[] content) {
    return inspect(content, content.length);
  }

  /** The verdict on content that arrives in chunks of this size. */
  public static Inspection inspect(byte[] content, int chunkBytes) {
    var inspector = new FormatInspector();
    for (int at = 0; at < content.length; at += chunkBytes) {
      inspector.update(ByteBuffer.wrap(content, at, Math.min(chunkBytes, content.length - at)));
    }
    return inspector.finish();
  }

  /** The verdict on a file. */
  public static Inspection inspect(Path file) throws IOException {
    try (var channel = FileChannel.open(file)) {
      return FormatInspector.inspect(channel);
    }
  }

  /** What is said of content that lacks its end. */
  public static Violation cutOff(long neededBytes, long lengthBytes) {
    return new Violation(
        "structure", "is cut off: needs %d bytes, has %d".formatted(neededBytes, lengthBytes));
  }
}
