/** What images and other documents look like, and what this installation offers. */
@NullMarked
package io.vitrine.api.schema;

import org.jspecify.annotations.NullMarked;
