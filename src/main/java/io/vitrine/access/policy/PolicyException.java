package io.vitrine.access.policy;

import java.nio.file.Path;
import java.util.List;

/** Rules that cannot be used; lists every fault, one sentence each. */
public final class PolicyException extends RuntimeException {
  private final transient List<String> faults;

  /** Carries the faults, at least one. */
  public PolicyException(List<String> faults) {
    super(String.join("\n", faults), null, false, false);
    this.faults = List.copyOf(faults);
  }

  /** The same faults, each prefixed with the file. */
  PolicyException in(Path file) {
    return new PolicyException(
        faults.stream().map(fault -> "%s: %s".formatted(file, fault)).toList());
  }

  /** One sentence for each fault, naming the file and the rule. */
  public List<String> faults() {
    return faults;
  }
}
