package io.vitrine.app;

import java.io.Console;
import java.util.Map;
import java.util.Optional;

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
    boolean isCollected = environment.containsKey("KUBERNETES_SERVICE_HOST") && !isOnTerminal();
    return isFirst || isCollected ? OUTSIDE : HERE;
  }

  private static boolean isOnTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }
}
