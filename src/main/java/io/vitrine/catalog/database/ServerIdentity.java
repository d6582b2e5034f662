package io.vitrine.catalog.database;

import io.vitrine.config.DatabaseUrl;
import java.net.InetSocketAddress;

/**
 * One run of a server: another one, at the same address, has none of its sessions.
 *
 * @param name by which it is configured
 * @param place its address
 * @param isEncrypted whether it is spoken to by TLS
 * @param started when it was started, in its own words; empty behind a pooler, which has many
 */
record ServerIdentity(
    DatabaseUrl.Server name, InetSocketAddress place, boolean isEncrypted, String started) {}
