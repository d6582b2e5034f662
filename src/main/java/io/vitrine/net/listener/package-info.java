/** The API's listener: its connections, their limits, and their encryption. */
@NullMarked
package io.vitrine.net.listener;

import org.jspecify.annotations.NullMarked;
