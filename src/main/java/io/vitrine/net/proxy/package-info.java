/**
 * Proxies in front of the API: the client's address and the base of links, from forwarding headers.
 */
@NullMarked
package io.vitrine.net.proxy;

import org.jspecify.annotations.NullMarked;
