/**
 * Reads, validates and prints configuration, once at startup. Each component has the record of its
 * own section beside it, and reads nothing else.
 */
@NullMarked
package io.vitrine.config;

import org.jspecify.annotations.NullMarked;
