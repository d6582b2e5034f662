/** Tests of the whole configuration, and configurations for other tests. */
@NullMarked
package io.vitrine.settings;

import org.jspecify.annotations.NullMarked;
