/** Data on other servers, as a kind of store. */
@NullMarked
package io.vitrine.store.web;

import org.jspecify.annotations.NullMarked;
