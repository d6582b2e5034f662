/** Tests of the messages between the verticles. */
@NullMarked
package io.vitrine.transfer.bus;

import org.jspecify.annotations.NullMarked;
