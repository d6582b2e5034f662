package io.vitrine.metadef;

import io.vitrine.image.Caller;

/** A namespace, the caller acting in it, and the gate that authorises the action. */
public record NamespaceScope(String namespace, Caller caller, Gate gate) {
  /** Authorises an action in a namespace that the caller may see. */
  @FunctionalInterface
  public interface Gate {
    /**
     * Returns if the action is permitted.
     *
     * @throws io.vitrine.image.problem.ProblemException forbidden or not found
     */
    void require(Namespace namespace);
  }
}
