package io.vitrine.upkeep.relay;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;

/** The configuration of the sinks of one kind; by default there are none. */
public interface SinkConfig {
  /** The names of the sinks; see {@link Sink#name}. */
  Set<String> names();

  /**
   * Opens the sinks.
   *
   * @param publisher the sender named in notifications
   */
  List<Sink> open(Vertx vertx, String publisher) throws Exception;
}
