/** Limits of projects on images, their data and concurrent uploads. The catalog enforces them. */
@NullMarked
package io.vitrine.access.quota;

import org.jspecify.annotations.NullMarked;
