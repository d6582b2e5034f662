package io.vitrine.access.policy;

import java.nio.file.Path;
import java.util.List;

/** Rules that cannot be used; every fault found is listed, one sentence each. */
public final class PolicyException extends RuntimeException {
  private final transient List<String> faults;

  /** Carries the faults, of which there is at least one. */
  public PolicyException(List<String> faults) {
    super(String.join("\n", faults), null, false, false);
    this.faults = List.copyOf(faults);
  }

  /** The same faults, each with the file it was found in. */
  PolicyException in(Path file) {
    return new PolicyException(
        faults.stream().map(fault -> "%s: %s".formatted(file, fault)).toList());
  }

  /** One sentence for each fault, naming the file and the rule. */
  public List<String> faults() {
    return faults;
  }
}
