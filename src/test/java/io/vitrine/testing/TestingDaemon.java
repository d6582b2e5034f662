package io.vitrine.testing;

/** A server of others that can be out of order; it keeps what it has. */
public interface TestingDaemon {
  /** Ends it. */
  void stop() throws Exception;

  /** Starts it again; it serves when this returns. */
  void start() throws Exception;

  /** Makes it hang: it takes connections and answers nothing. */
  void freeze() throws Exception;

  /** Ends a {@link #freeze}. */
  void thaw() throws Exception;
}
