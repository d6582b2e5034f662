/** URLs as the WHATWG URL standard has them, IP addresses and networks. Plain Java. */
@NullMarked
package io.vitrine.net.address;

import org.jspecify.annotations.NullMarked;
