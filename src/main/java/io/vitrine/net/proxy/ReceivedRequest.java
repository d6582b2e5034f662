package io.vitrine.net.proxy;

/**
 * A request as this process received it.
 *
 * @param peer the address of the other end of the connection
 * @param scheme http or https
 * @param authority the requested host, with its port if given
 * @param mountPoint the path that a web server in front has removed: empty, or a path that does not
 *     end with a slash
 */
public record ReceivedRequest(String peer, String scheme, String authority, String mountPoint) {}
