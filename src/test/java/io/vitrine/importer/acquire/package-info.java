/** Tests of bringing images in. */
@NullMarked
package io.vitrine.importer.acquire;

import org.jspecify.annotations.NullMarked;
