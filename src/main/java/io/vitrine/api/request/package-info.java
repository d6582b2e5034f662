/** What every handler reads of a request and writes into an answer. */
@NullMarked
package io.vitrine.api.request;

import org.jspecify.annotations.NullMarked;
