/** The API's listener: its connections, their limits, and their encryption. */
@NullMarked
package io.vitrine.listen;

import org.jspecify.annotations.NullMarked;
