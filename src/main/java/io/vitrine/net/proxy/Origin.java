package io.vitrine.net.proxy;

/**
 * Where a request comes from, and under which address its client knows the API.
 *
 * @param client the client's address, as far as proxies can be believed
 * @param base what absolute links begin with, without a slash at the end
 */
public record Origin(String client, String base) {}
