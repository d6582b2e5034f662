/** Fetches what a user's URL names, from addresses that users may reach and from no others. */
@NullMarked
package io.vitrine.fetch;

import org.jspecify.annotations.NullMarked;
