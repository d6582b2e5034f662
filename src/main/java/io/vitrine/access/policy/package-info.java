/**
 * Authorization: the rule language of oslo.policy, the rules, and property protections. Callers are
 * authenticated elsewhere.
 */
@NullMarked
package io.vitrine.access.policy;

import org.jspecify.annotations.NullMarked;
