/** The whole configuration: the records of the parts' sections, put together. */
@NullMarked
package io.vitrine.settings;

import org.jspecify.annotations.NullMarked;
