/** The database itself: where it is, the embedded one's life, and the versions of its schema. */
@NullMarked
package io.vitrine.database;

import org.jspecify.annotations.NullMarked;
