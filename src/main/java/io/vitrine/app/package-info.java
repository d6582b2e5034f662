/**
 * The program: {@link io.vitrine.app.Main} starts it, {@link io.vitrine.app.Server} wires its parts
 * together. It contains no logic of the API, the catalog or the stores.
 */
@NullMarked
package io.vitrine.app;

import org.jspecify.annotations.NullMarked;
