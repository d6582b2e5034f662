/** Tests of the messages between the verticles. */
@NullMarked
package io.vitrine.bus;

import org.jspecify.annotations.NullMarked;
