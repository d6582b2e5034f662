package io.vitrine.store;

/**
 * The window of one transfer: how many bytes its sender may have in transit. It follows the share
 * of the budget by withholding or adding credit.
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

  /** The credit to return for processed bytes; 0 while the window shrinks. */
  int refund(int dealtWith) {
    int change = Math.max(budget.share() - bytes, -dealtWith);
    bytes += change;
    return dealtWith + change;
  }
}
