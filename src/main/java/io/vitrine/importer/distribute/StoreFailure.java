package io.vitrine.importer.distribute;

/** A store that could not take an image's data, and the reason for the user. */
public record StoreFailure(String store, String reason) {}
