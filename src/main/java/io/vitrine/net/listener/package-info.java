/**
 * The API's listener: connections, their limits, timeouts and TLS. Requests are handled elsewhere.
 */
@NullMarked
package io.vitrine.net.listener;

import org.jspecify.annotations.NullMarked;
