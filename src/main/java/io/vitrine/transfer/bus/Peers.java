package io.vitrine.transfer.bus;

import io.vertx.core.Future;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;

/** The other nodes of the cluster. */
public interface Peers {
  /** No other nodes, or none that this one communicates with. */
  Peers NONE = (node, request) -> Future.failedFuture(unreachable());

  /**
   * Requests a piece of a blob from another node. Fails with {@link Problem.Unreachable} if the
   * node does not answer in time; the future completes in the caller's context.
   */
  Future<Message.Piece> ask(String node, Message.PieceRequest request);

  /** The problem of a node that does not answer, as users see it. */
  static ProblemException unreachable() {
    return ProblemException.unreachable("The node with the data is unreachable.");
  }
}
