package io.vitrine.app.lifecycle;

/** Requests to stop servers in this process, which goes on. */
public final class TestingStop {
  private TestingStop() {}

  /** A request that no signal makes. */
  public static StopRequest request() {
    return new StopRequest();
  }
}
