package io.vitrine.store;

import io.vitrine.format.FormatRules;
import java.time.Duration;

/**
 * What the transfers of a node must keep to.
 *
 * @param formats the formats that images may have
 * @param budget the memory for data in transit
 * @param idleTimeout how long the other side of a transfer may be silent
 */
public record TransferRules(FormatRules formats, TransferBudget budget, Duration idleTimeout) {}
