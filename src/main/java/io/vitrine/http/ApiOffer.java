package io.vitrine.http;

import io.vitrine.image.ImageLimits;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What this deployment offers to its callers.
 *
 * @param stores descriptions by id, in the order of the configuration
 * @param sizeCapBytes the largest image
 * @param hasCache whether images are cached, which later versions of the API are about
 * @param publicEndpoint where clients reach the API; empty: where the request went
 * @param memberQuota how many projects an image is shared with; negative: any number
 */
public record ApiOffer(
    ImageLimits limits,
    List<String> importMethods,
    Map<String, String> stores,
    String defaultStore,
    long sizeCapBytes,
    int listDefault,
    int listMax,
    int memberQuota,
    boolean hasCache,
    Optional<URI> publicEndpoint) {}
