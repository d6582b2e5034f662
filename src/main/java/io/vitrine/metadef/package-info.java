/**
 * The domain of metadata definitions: the properties, objects and tags that resources may carry.
 * Definitions describe images but are not enforced on them.
 */
@NullMarked
package io.vitrine.metadef;

import org.jspecify.annotations.NullMarked;
