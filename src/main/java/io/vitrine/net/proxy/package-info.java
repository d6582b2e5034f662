/** Proxies in front of the API: whom they ask for, and under which address clients know it. */
@NullMarked
package io.vitrine.net.proxy;

import org.jspecify.annotations.NullMarked;
