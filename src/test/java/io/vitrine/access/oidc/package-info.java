/** Tests: callers with tokens that an OpenID Connect provider has signed. */
@NullMarked
package io.vitrine.access.oidc;

import org.jspecify.annotations.NullMarked;
