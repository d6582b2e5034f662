package io.vitrine.api.request;

import io.vitrine.api.schema.ApiCapabilities;

/**
 * The terms of the API: who may do what, and what the deployment offers.
 *
 * @param access decides by the policy
 */
public record ApiTerms(Access access, ApiCapabilities capabilities) {}
