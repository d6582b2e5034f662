/** The state of a running import: its steps, their progress, and the meaning of failures. */
@NullMarked
package io.vitrine.importer.job;

import org.jspecify.annotations.NullMarked;
