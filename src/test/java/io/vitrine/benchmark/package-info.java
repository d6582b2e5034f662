/** Measures the server against the machine it runs on, nginx, and what Glance was seen to do. */
@NullMarked
package io.vitrine.benchmark;

import org.jspecify.annotations.NullMarked;
