package io.vitrine.net.proxy;

/**
 * A request as it reached this process.
 *
 * @param peer the address of the other end of the connection
 * @param scheme http or https
 * @param authority the host, perhaps with a port, that was asked for
 * @param mountPoint what a web server in front says that it took off the path: empty, or a path
 *     that does not end with a slash
 */
public record Direct(String peer, String scheme, String authority, String mountPoint) {}
