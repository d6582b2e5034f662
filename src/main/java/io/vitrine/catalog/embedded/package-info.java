/** The PostgreSQL server that Vitrine brings along and runs. */
@NullMarked
package io.vitrine.catalog.embedded;

import org.jspecify.annotations.NullMarked;
