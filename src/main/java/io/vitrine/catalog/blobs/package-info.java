/** The data in stores: what is written, unwanted or damaged. */
@NullMarked
package io.vitrine.catalog.blobs;

import org.jspecify.annotations.NullMarked;
