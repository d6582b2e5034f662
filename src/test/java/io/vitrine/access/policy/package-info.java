/** Tests of rules and protections. */
@NullMarked
package io.vitrine.access.policy;

import org.jspecify.annotations.NullMarked;
