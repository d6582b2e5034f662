package io.vitrine.store.rbd;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a store's images lie and how they are written.
 *
 * @param user whose key is used, without "client."
 * @param objectBytes size of the objects that images are cut into; a power of two
 * @param isThin whether zeros take no space
 * @param connectTimeout how long to wait for the cluster
 * @param operationTimeout how long to wait for one operation of it
 */
public record RbdSettings(
    String pool,
    String user,
    Path confFile,
    long objectBytes,
    boolean isThin,
    Duration connectTimeout,
    Duration operationTimeout) {}
