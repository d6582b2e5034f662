package io.vitrine.net.internals;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;

/** The memory of buffers, without copies. Nobody may write to such a buffer any more. */
public final class Buffers {
  private Buffers() {}

  /** The parts that the buffer's memory consists of, in order. */
  public static ByteBuffer[] parts(Buffer buffer) {
    return bytes(buffer).nioBuffers();
  }

  /** The buffer's memory. */
  public static ByteBuf bytes(Buffer buffer) {
    return ((BufferInternal) buffer).getByteBuf();
  }

  /** A buffer of the memory. */
  public static Buffer of(ByteBuf bytes) {
    return BufferInternal.buffer(bytes);
  }
}
