/** The Image API over HTTP. */
@NullMarked
package io.vitrine.http;

import org.jspecify.annotations.NullMarked;
