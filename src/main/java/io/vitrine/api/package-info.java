/**
 * The Image API over HTTP: routes and the wiring of their handlers. The handlers themselves are in
 * the packages below; what they call is in {@code io.vitrine.catalog} and elsewhere.
 */
@NullMarked
package io.vitrine.api;

import org.jspecify.annotations.NullMarked;
