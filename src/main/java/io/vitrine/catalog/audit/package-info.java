/** The audit trail of images: records written in the transactions of the changes. */
@NullMarked
package io.vitrine.catalog.audit;

import org.jspecify.annotations.NullMarked;
