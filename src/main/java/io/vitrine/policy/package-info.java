/** What callers may do. */
@NullMarked
package io.vitrine.policy;

import org.jspecify.annotations.NullMarked;
