package io.vitrine.metadef;

import io.vitrine.image.Caller;

/** In which namespace something is done, by whom, and what lets that through. */
public record NamespaceScope(String namespace, Caller caller, Gate gate) {
  /** Lets through, or refuses, what a caller is about to do in a namespace that it sees. */
  @FunctionalInterface
  public interface Gate {
    /**
     * Returns if it is permitted.
     *
     * @throws io.vitrine.image.problem.ProblemException forbidden or not found
     */
    void require(Namespace namespace);
  }
}
