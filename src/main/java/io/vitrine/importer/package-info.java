/** Imports: leased tasks that fetch, convert and store. */
@NullMarked
package io.vitrine.importer;

import org.jspecify.annotations.NullMarked;
