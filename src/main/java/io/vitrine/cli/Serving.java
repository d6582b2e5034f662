package io.vitrine.cli;

import io.vitrine.settings.VitrineConfig;

/** Runs the server. */
@FunctionalInterface
public interface Serving {
  /** Serves until asked to stop; returns once everything is shut down. */
  void run(VitrineConfig config) throws Exception;
}
