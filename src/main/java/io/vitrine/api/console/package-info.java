/** The console: a web page that calls the API as its user, and the files that it consists of. */
@NullMarked
package io.vitrine.api.console;

import org.jspecify.annotations.NullMarked;
