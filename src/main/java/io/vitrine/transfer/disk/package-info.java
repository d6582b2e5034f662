/**
 * File system features that Java lacks: direct I/O, holes and mount checks. It depends on no other
 * package of Vitrine.
 */
@NullMarked
package io.vitrine.transfer.disk;

import org.jspecify.annotations.NullMarked;
