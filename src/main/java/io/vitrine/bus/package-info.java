/** The contract between the verticles: addresses, messages and their codecs. */
@NullMarked
package io.vitrine.bus;

import org.jspecify.annotations.NullMarked;
