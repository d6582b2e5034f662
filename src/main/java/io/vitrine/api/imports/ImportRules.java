package io.vitrine.api.imports;

import io.vitrine.api.request.Access;
import io.vitrine.api.request.ApiTerms;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.fetch.UriRules;

/**
 * The rules of imports.
 *
 * @param uris which URLs callers may import from
 */
public record ImportRules(ApiTerms terms, UriRules uris) {
  Access access() {
    return terms.access();
  }

  ApiCapabilities capabilities() {
    return terms.capabilities();
  }
}
