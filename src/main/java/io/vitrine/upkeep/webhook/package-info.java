/** Notifications by HTTP, as CloudEvents. */
@NullMarked
package io.vitrine.upkeep.webhook;

import org.jspecify.annotations.NullMarked;
