/** What converts disk images, and the engine that does so in this process. */
@NullMarked
package io.vitrine.importer.engine;

import org.jspecify.annotations.NullMarked;
