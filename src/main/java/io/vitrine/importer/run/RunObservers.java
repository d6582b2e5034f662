package io.vitrine.importer.run;

import io.vitrine.observe.metrics.ImportMeters;
import io.vitrine.observe.trace.Traces;

/** What observes the runs of tasks. */
public record RunObservers(ImportMeters meters, Traces traces) {}
