package io.vitrine.importer.finish;

import io.vitrine.catalog.tasks.TaskEnd;
import io.vitrine.catalog.tasks.TaskHandback;

/** How the catalog records the end of an attempt: the task has ended, or goes back to the queue. */
public record TaskEndings(TaskEnd end, TaskHandback queue) {}
