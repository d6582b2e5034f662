package io.vitrine.app;

import java.util.Map;

/** Who reads what the process prints. */
enum Audience {
  /** Somebody on this machine, whose loopback addresses are this process's own. */
  HERE,

  /** Somebody outside the container, such as by {@code kubectl logs}. */
  OUTSIDE;

  private static final long FIRST_PROCESS = 1;

  /** The container runs this process alone, or Kubernetes collects what it prints. */
  static Audience of(Map<String, String> environment) {
    boolean isFirst = ProcessHandle.current().pid() == FIRST_PROCESS;
    boolean isInPod = environment.containsKey("KUBERNETES_SERVICE_HOST");
    return isFirst || isInPod ? OUTSIDE : HERE;
  }
}
