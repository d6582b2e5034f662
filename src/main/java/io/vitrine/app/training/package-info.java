/** The work of a server that is there to leave a cache of classes. */
@NullMarked
package io.vitrine.app.training;

import org.jspecify.annotations.NullMarked;
