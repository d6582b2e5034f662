package io.vitrine.store;

import io.vertx.core.Future;
import io.vitrine.transfer.bus.Message;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Checks no more of a part than the checksum that its sender claims: what the whole is, shows only
 * once all parts are together.
 */
final class PartInspection implements StreamInspection {
  private final Optional<TransferChecksum> checksum;

  PartInspection(Message.Resumption resumption, Executor hashing) {
    this.checksum = TransferChecksum.of(resumption, hashing);
  }

  @Override
  public void take(ByteBuffer[] data, Countdown work) {
    checksum.ifPresent(each -> each.digest().take(data, work));
  }

  @Override
  public Future<Message.Written> finish(long size) {
    return finishPart().map(new Message.Written(size, Optional.empty(), Optional.empty()));
  }

  @Override
  public Future<Void> finishPart() {
    return checksum.map(TransferChecksum::verify).orElseGet(Future::succeededFuture);
  }
}
