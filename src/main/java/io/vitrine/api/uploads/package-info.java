/** Uploads that take several requests, by the tus protocol or by a draft of the IETF. */
@NullMarked
package io.vitrine.api.uploads;

import org.jspecify.annotations.NullMarked;
