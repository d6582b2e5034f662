/** The plugin that sets the operator's properties on imported images. */
@NullMarked
package io.vitrine.importer.inject;

import org.jspecify.annotations.NullMarked;
