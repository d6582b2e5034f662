package io.vitrine.net.proxy;

/**
 * The client of a request, and the address by which it knows the API.
 *
 * @param client the client's address, as far as proxies are trusted
 * @param base the beginning of absolute links, without a slash at the end
 */
public record Origin(String client, String base) {}
