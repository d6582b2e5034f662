/** Tests of the listener, without the API behind it. */
@NullMarked
package io.vitrine.net.listener;

import org.jspecify.annotations.NullMarked;
