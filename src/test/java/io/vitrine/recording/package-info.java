/** Records which classes of the program run; used by a check, not by tests. */
@NullMarked
package io.vitrine.recording;

import org.jspecify.annotations.NullMarked;
