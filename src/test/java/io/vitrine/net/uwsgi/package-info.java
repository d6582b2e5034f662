/** Tests of the uwsgi protocol. */
@NullMarked
package io.vitrine.net.uwsgi;

import org.jspecify.annotations.NullMarked;
