/** A task that runs on this worker: its steps, their progress, and the meaning of failures. */
@NullMarked
package io.vitrine.importer.run;

import org.jspecify.annotations.NullMarked;
