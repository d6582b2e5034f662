package io.vitrine.http;

import io.vitrine.image.ImageLimits;
import java.util.List;
import java.util.Map;

/**
 * What this deployment offers to its callers.
 *
 * @param stores descriptions by id, in the order of the configuration
 * @param sizeCapBytes the largest image
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
    int memberQuota) {}
