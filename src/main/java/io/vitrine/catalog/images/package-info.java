/**
 * Image metadata, members, locations and quotas in the database. The bytes are recorded in {@code
 * io.vitrine.catalog.blobs}.
 */
@NullMarked
package io.vitrine.catalog.images;

import org.jspecify.annotations.NullMarked;
