/**
 * The start of the jar on any Java from 17 on: finds the Java that the program needs. It reaches
 * other classes by reflection only.
 */
@NullMarked
package io.vitrine.launch;

import org.jspecify.annotations.NullMarked;
