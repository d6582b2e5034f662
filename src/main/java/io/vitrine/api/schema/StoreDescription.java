package io.vitrine.api.schema;

import io.vitrine.image.location.BlobRef;
import java.util.Map;
import java.util.function.Function;

/**
 * A store as callers see it.
 *
 * @param kind the kind in the configuration, such as file
 * @param weight downloads prefer the store with the largest weight
 * @param isWritable whether it accepts new data
 * @param canBeCloned whether others clone its data, which then cannot be deleted
 * @param url the URL of a blob, for clients that access the store themselves
 * @param properties the details shown to administrators; no secrets
 */
public record StoreDescription(
    String kind,
    String description,
    int weight,
    boolean isWritable,
    boolean canBeCloned,
    Function<BlobRef, String> url,
    Map<String, Object> properties) {}
