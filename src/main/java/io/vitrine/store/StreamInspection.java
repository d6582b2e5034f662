package io.vitrine.store;

import io.vertx.core.Future;
import io.vitrine.transfer.bus.Message;
import java.nio.ByteBuffer;

/** What is computed over the data of a transfer. */
interface StreamInspection {
  /** Adds data, which the store has been told to write; each computation is a part of the work. */
  void take(ByteBuffer[] data, Countdown work);

  /** The result of all data; fails if it may not be stored. */
  Future<Message.Written> finish(long size);

  /** Checks the data of this transfer, of which others will bring the rest. */
  default Future<Void> finishPart() {
    return Future.succeededFuture();
  }

  /** Called on a thread of the store once nothing more will be written. */
  default void leave() {}
}
