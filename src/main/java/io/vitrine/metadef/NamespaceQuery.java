package io.vitrine.metadef;

import io.vitrine.image.Visibility;
import java.util.List;
import java.util.Optional;

/**
 * What a list of namespaces is asked for.
 *
 * @param resourceTypes any of these types is associated; none: no matter which
 */
public record NamespaceQuery(
    Page page, Optional<Visibility> visibility, Optional<List<String>> resourceTypes) {}
