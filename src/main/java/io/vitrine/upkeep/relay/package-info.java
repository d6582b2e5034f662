/** Carries notifications from the catalog's outbox to those who want them. */
@NullMarked
package io.vitrine.upkeep.relay;

import org.jspecify.annotations.NullMarked;
