/** The Image API over HTTP. */
@NullMarked
package io.vitrine.api;

import org.jspecify.annotations.NullMarked;
