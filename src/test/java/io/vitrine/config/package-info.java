/** Tests of the configuration. */
@NullMarked
package io.vitrine.config;

import org.jspecify.annotations.NullMarked;
