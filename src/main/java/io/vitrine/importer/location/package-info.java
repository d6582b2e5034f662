/** Checks and hashes data that stays at an external location. */
@NullMarked
package io.vitrine.importer.location;

import org.jspecify.annotations.NullMarked;
