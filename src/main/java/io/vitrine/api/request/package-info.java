/** Reading of requests and writing of answers, as all handlers need it. */
@NullMarked
package io.vitrine.api.request;

import org.jspecify.annotations.NullMarked;
