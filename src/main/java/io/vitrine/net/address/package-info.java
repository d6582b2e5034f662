/** URLs by the WHATWG URL standard, IP addresses and networks. Plain Java, without name lookups. */
@NullMarked
package io.vitrine.net.address;

import org.jspecify.annotations.NullMarked;
