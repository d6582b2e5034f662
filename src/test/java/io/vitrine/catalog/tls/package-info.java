/** Tests of TLS to PostgreSQL. */
@NullMarked
package io.vitrine.catalog.tls;

import org.jspecify.annotations.NullMarked;
