package io.vitrine.upkeep.relay;

import io.vertx.core.Future;
import io.vitrine.notification.Notification;
import java.time.Duration;
import java.util.List;

/** A receiver of notifications. */
public interface Sink {
  /** The name in the outbox and in metrics; must not change over restarts. */
  String name();

  /** The longest time that one call of {@link #send} takes. */
  Duration deadline();

  /** The largest number of notifications in one call. */
  int batch();

  /**
   * Sends notifications in order, either all or, as far as is known, none. Fails with a {@link
   * RefusedException} if the receiver refuses them.
   */
  Future<Void> send(List<Notification> notifications);

  /** Closes connections. */
  Future<Void> close();
}
