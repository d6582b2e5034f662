/** Tests of the audit trail in the database. */
@NullMarked
package io.vitrine.catalog.audit;

import org.jspecify.annotations.NullMarked;
