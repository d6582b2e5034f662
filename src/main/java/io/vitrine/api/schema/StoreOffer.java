package io.vitrine.api.schema;

import io.vitrine.image.location.BlobRef;
import java.util.Map;
import java.util.function.Function;

/**
 * A store as callers see it.
 *
 * @param kind as in the configuration, such as file
 * @param weight data is read from the store with the largest first
 * @param isWritable whether it takes data
 * @param canBeCloned whether others make clones of its data, which then cannot be removed
 * @param url where a blob of it lies, for clients that can go there themselves
 * @param properties what those who may see the details are told; no secrets
 */
public record StoreOffer(
    String kind,
    String description,
    int weight,
    boolean isWritable,
    boolean canBeCloned,
    Function<BlobRef, String> url,
    Map<String, Object> properties) {}
