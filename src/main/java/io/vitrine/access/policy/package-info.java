/** What callers may do. */
@NullMarked
package io.vitrine.access.policy;

import org.jspecify.annotations.NullMarked;
