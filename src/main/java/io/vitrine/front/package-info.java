/** Proxies in front of the API: whom they ask for, and under which address clients know it. */
@NullMarked
package io.vitrine.front;

import org.jspecify.annotations.NullMarked;
