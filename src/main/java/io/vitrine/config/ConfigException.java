package io.vitrine.config;

import java.util.List;

/** The configuration is invalid; lists every fault, one sentence each. */
public final class ConfigException extends RuntimeException {
  private final transient List<String> faults;

  /** Carries the faults, at least one. */
  public ConfigException(List<String> faults) {
    super(String.join("\n", faults), null, false, false);
    this.faults = List.copyOf(faults);
  }

  /** The faults, one sentence each, with the key. */
  public List<String> faults() {
    return faults;
  }
}
