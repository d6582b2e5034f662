/** Tests of rules and protections. */
@NullMarked
package io.vitrine.policy;

import org.jspecify.annotations.NullMarked;
