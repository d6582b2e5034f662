/**
 * Configuration: typed records, read and validated once at startup. Components take their own
 * section and read nothing else.
 */
@NullMarked
package io.vitrine.config;

import org.jspecify.annotations.NullMarked;
