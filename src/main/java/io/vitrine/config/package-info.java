/** Configuration: typed records, read once from defaults, files and the environment. */
@NullMarked
package io.vitrine.config;

import org.jspecify.annotations.NullMarked;
