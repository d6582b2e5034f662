/**
 * Authentication: who is calling, by Keystone, OpenID Connect or not at all. What callers may do is
 * decided by the policy.
 */
@NullMarked
package io.vitrine.access.identity;

import org.jspecify.annotations.NullMarked;
