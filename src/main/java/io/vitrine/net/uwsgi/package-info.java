/** The uwsgi protocol, as an application server behind a web server speaks it. */
@NullMarked
package io.vitrine.net.uwsgi;

import org.jspecify.annotations.NullMarked;
