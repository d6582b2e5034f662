/** Copies disks from one image file to another, on several threads. */
@NullMarked
package io.vitrine.format.conversion;

import org.jspecify.annotations.NullMarked;
