/** Tests of the Image API through a running server. */
@NullMarked
package io.vitrine.http;

import org.jspecify.annotations.NullMarked;
