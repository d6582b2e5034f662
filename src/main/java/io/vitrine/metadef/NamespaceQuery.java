package io.vitrine.metadef;

import io.vitrine.image.Visibility;
import java.util.List;
import java.util.Optional;

/**
 * The filters of a list of namespaces.
 *
 * @param resourceTypes the namespace is associated with any of these; empty matches all
 */
public record NamespaceQuery(
    Page page, Optional<Visibility> visibility, Optional<List<String>> resourceTypes) {}
