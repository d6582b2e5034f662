/** Tests of the parsers and answers of the API. */
@NullMarked
package io.vitrine.http;

import org.jspecify.annotations.NullMarked;
