/** What a system can do with files that Java does not tell of. Imports nothing of ours. */
@NullMarked
package io.vitrine.transfer.disk;

import org.jspecify.annotations.NullMarked;
