/** The uwsgi protocol as an application server speaks it: requests of web servers in front. */
@NullMarked
package io.vitrine.net.uwsgi;

import org.jspecify.annotations.NullMarked;
