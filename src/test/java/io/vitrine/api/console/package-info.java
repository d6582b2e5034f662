/** Tests: the console's files and routes. */
@NullMarked
package io.vitrine.api.console;

import org.jspecify.annotations.NullMarked;
