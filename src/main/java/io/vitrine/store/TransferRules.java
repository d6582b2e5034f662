package io.vitrine.store;

import io.vitrine.format.FormatRules;
import io.vitrine.transfer.stream.IdleLimit;

/**
 * What the transfers of a node must keep to.
 *
 * @param formats the formats that images may have
 * @param budget the memory for data in transit
 * @param idle how long the other side of a transfer may be silent
 * @param turns the uploads that take several requests
 */
public record TransferRules(
    FormatRules formats, TransferBudget budget, IdleLimit idle, UploadTurns turns) {
  /** Rules of a node without uploads yet. */
  public TransferRules(FormatRules formats, TransferBudget budget, IdleLimit idle) {
    this(formats, budget, idle, new UploadTurns());
  }
}
