package io.vitrine.upkeep.relay;

import io.vertx.core.Future;
import io.vitrine.notification.Notification;
import java.time.Duration;
import java.util.List;

/** One who gets notifications. */
public interface Sink {
  /** Its name in the outbox and in metrics; the same after a restart. */
  String name();

  /** How long one sending lasts at most. */
  Duration deadline();

  /** How many it takes at once, at most. */
  int batch();

  /**
   * Sends notifications in their order, all of them or, as far as is known, none. Fails with a
   * {@link RefusedException} if they are not wanted.
   */
  Future<Void> send(List<Notification> notifications);

  /** Gives up what it holds. */
  Future<Void> close();
}
