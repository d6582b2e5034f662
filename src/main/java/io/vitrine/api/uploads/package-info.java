/** Uploads that take several requests, by the tus protocol. */
@NullMarked
package io.vitrine.api.uploads;

import org.jspecify.annotations.NullMarked;
