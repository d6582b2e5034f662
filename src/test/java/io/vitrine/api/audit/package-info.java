/** Tests of the audit trail as clients see it. */
@NullMarked
package io.vitrine.api.audit;

import org.jspecify.annotations.NullMarked;
