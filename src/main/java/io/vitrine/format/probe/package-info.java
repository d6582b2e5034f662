/**
 * What the inspections of all formats are made of: captured regions of a stream, checks and
 * findings.
 */
@NullMarked
package io.vitrine.format.probe;

import org.jspecify.annotations.NullMarked;
