package io.vitrine.store;

/**
 * The window of one transfer, in bytes: what its sender may have on the way. It follows the share
 * of the budget: credit is held back while it is too large, and added while it is too small.
 */
final class Window {
  private final TransferBudget budget;
  private int bytes;

  Window(TransferBudget budget) {
    this.budget = budget;
    this.bytes = budget.share();
  }

  int bytes() {
    return bytes;
  }

  /** The credit to give for bytes that have been dealt with; 0 when all of it is held back. */
  int refund(int dealtWith) {
    int change = Math.max(budget.share() - bytes, -dealtWith);
    bytes += change;
    return dealtWith + change;
  }
}
