/** The JSON schemas of the API's documents, and what this deployment offers. */
@NullMarked
package io.vitrine.api.schema;

import org.jspecify.annotations.NullMarked;
