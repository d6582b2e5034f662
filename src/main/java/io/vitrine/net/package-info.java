/** Connections, and the addresses that they lead to. */
@NullMarked
package io.vitrine.net;

import org.jspecify.annotations.NullMarked;
