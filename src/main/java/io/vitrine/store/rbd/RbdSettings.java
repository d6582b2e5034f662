package io.vitrine.store.rbd;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The pool of a store and how it is written.
 *
 * @param user the CephX user, without "client."
 * @param objectBytes the size of the objects of an image; a power of two
 * @param isThin whether zeros take no space
 * @param connectTimeout how long to wait for a connection to the cluster
 * @param operationTimeout how long to wait for one operation
 */
public record RbdSettings(
    String pool,
    String user,
    Path confFile,
    long objectBytes,
    boolean isThin,
    Duration connectTimeout,
    Duration operationTimeout) {}
