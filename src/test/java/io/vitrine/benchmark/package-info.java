/** Measures the server against the machine it runs on, nginx, and Debian's Glance. */
@NullMarked
package io.vitrine.benchmark;

import org.jspecify.annotations.NullMarked;
