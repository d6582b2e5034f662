/**
 * The program: {@link io.vitrine.app.Main} starts it, {@link io.vitrine.app.Server} puts its parts
 * together.
 */
@NullMarked
package io.vitrine.app;

import org.jspecify.annotations.NullMarked;
