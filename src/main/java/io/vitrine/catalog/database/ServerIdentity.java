package io.vitrine.catalog.database;

import java.net.InetSocketAddress;

/**
 * One run of a server: after a restart the sessions at the same address are others.
 *
 * @param name the configured name
 * @param place the resolved address
 * @param isEncrypted whether connections use TLS
 * @param started the start time as the server reports it; empty behind a pooler, which has many
 *     servers
 */
record ServerIdentity(
    DatabaseUrl.Server name, InetSocketAddress place, boolean isEncrypted, String started) {}
