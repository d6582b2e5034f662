/** What the readers of all formats that map a disk block by block share. */
@NullMarked
package io.vitrine.format.mapped;

import org.jspecify.annotations.NullMarked;
