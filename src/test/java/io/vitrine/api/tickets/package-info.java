/** Tests of tickets. */
@NullMarked
package io.vitrine.api.tickets;

import org.jspecify.annotations.NullMarked;
