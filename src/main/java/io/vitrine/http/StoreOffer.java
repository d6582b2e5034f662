package io.vitrine.http;

import java.nio.file.Path;

/**
 * A store as callers see it.
 *
 * @param kind file or http
 * @param weight data is read from the store with the largest first
 * @param isWritable whether it takes data
 */
public record StoreOffer(
    String kind, String description, int weight, boolean isWritable, Path directory) {}
