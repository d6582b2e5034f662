package io.vitrine.image.location;

/**
 * The room of a store, as observed by a node.
 *
 * @param freeBytes what new data may take
 * @param totalBytes the size of what holds the data, others' data included
 */
public record StoreRoom(long freeBytes, long totalBytes) {}
