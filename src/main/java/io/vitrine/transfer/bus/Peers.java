package io.vitrine.transfer.bus;

import io.vertx.core.Future;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;

/** The other nodes, as far as they can be reached now. */
public interface Peers {
  /** There are no others, or none that this node talks to. */
  Peers NONE = (node, request) -> Future.failedFuture(unreachable());

  /**
   * Asks the store of another node for a piece of a blob. Fails with {@link Problem.Unreachable} if
   * that node does not answer in time; the future completes in the caller's context.
   */
  Future<Message.Piece> ask(String node, Message.PieceRequest request);

  /** What a node that does not answer is told to users as. */
  static ProblemException unreachable() {
    return new ProblemException(
        new Problem.Unreachable("The node that has the data cannot be reached now."));
  }
}
