/** The audit trail, as owners of images and administrators see it. */
@NullMarked
package io.vitrine.api.audit;

import org.jspecify.annotations.NullMarked;
