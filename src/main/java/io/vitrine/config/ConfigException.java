package io.vitrine.config;

import java.util.List;

/** The configuration cannot be used; every fault found is listed, one sentence each. */
public final class ConfigException extends RuntimeException {
  private final transient List<String> faults;

  /** Carries the faults, of which there is at least one. */
  public ConfigException(List<String> faults) {
    super(String.join("\n", faults), null, false, false);
    this.faults = List.copyOf(faults);
  }

  /** One sentence for each fault, naming the key. */
  public List<String> faults() {
    return faults;
  }
}
