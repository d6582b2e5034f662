/** The contract between the verticles: addresses, messages and their codecs. */
@NullMarked
package io.vitrine.transfer.bus;

import org.jspecify.annotations.NullMarked;
