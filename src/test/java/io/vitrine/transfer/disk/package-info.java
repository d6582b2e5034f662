/** Tests of what the system can do with files. */
@NullMarked
package io.vitrine.transfer.disk;

import org.jspecify.annotations.NullMarked;
