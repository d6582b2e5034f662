/**
 * The whole configuration: the records of the parts' sections, put together; and what was built.
 */
@NullMarked
package io.vitrine.settings;

import org.jspecify.annotations.NullMarked;
