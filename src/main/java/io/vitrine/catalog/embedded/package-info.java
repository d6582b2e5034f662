/** The embedded PostgreSQL: its programs, data directory and server process. */
@NullMarked
package io.vitrine.catalog.embedded;

import org.jspecify.annotations.NullMarked;
