/** Tests of the whole server, and the server that other tests share. */
@NullMarked
package io.vitrine;

import org.jspecify.annotations.NullMarked;
