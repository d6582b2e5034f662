package io.vitrine.net.proxy;

import java.util.Optional;

/**
 * One proxy's report about the request it received, unparsed. A client that bypasses the proxies
 * can forge it, so it is parsed only when needed.
 *
 * @param client the address that the request came from
 * @param scheme http or https
 * @param host the requested host, with or without a port
 * @param port the requested port
 * @param prefix the path prefix that the proxy removed
 */
record ForwardedHop(
    Optional<String> client,
    Optional<String> scheme,
    Optional<String> host,
    Optional<String> port,
    Optional<String> prefix) {}
