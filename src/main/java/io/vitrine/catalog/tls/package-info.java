/** TLS of the connections to PostgreSQL, in libpq's terms. */
@NullMarked
package io.vitrine.catalog.tls;

import org.jspecify.annotations.NullMarked;
