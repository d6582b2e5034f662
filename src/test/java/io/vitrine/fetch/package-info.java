/** Tests of what users may have fetched, and of the fetching. */
@NullMarked
package io.vitrine.fetch;

import org.jspecify.annotations.NullMarked;
