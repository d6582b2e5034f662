/** Tests of the uwsgi protocol. */
@NullMarked
package io.vitrine.uwsgi;

import org.jspecify.annotations.NullMarked;
