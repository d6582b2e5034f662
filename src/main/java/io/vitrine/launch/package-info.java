/**
 * The start of the jar on any Java from 17 on: finds the Java that the program needs. Uses no other
 * class of the program.
 */
@NullMarked
package io.vitrine.launch;

import org.jspecify.annotations.NullMarked;
