/** How a process is asked to stop, and stops its parts in order. */
@NullMarked
package io.vitrine.app.lifecycle;

import org.jspecify.annotations.NullMarked;
