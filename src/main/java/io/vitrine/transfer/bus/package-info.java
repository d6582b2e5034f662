/** The contract between verticles: addresses, messages and codecs of the event bus. */
@NullMarked
package io.vitrine.transfer.bus;

import org.jspecify.annotations.NullMarked;
