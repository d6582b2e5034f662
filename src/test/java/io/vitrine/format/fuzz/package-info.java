/** What readers of disk formats do with files that are spoiled at random. */
@NullMarked
package io.vitrine.format.fuzz;

import org.jspecify.annotations.NullMarked;
