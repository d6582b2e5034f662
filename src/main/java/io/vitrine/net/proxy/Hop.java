package io.vitrine.net.proxy;

import java.util.Optional;

/**
 * What one proxy says about the request that reached it, as it stands there: who did not go through
 * a trusted proxy may have written it, so it is only looked at when it is needed.
 *
 * @param client whom it came from
 * @param scheme http or https
 * @param host the host, perhaps with a port, that was asked for
 * @param port the port that was asked for
 * @param prefix the beginning of the path that the proxy took away
 */
record Hop(
    Optional<String> client,
    Optional<String> scheme,
    Optional<String> host,
    Optional<String> port,
    Optional<String> prefix) {}
