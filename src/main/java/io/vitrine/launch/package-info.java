/** What any Java from 17 on can read: it finds the Java that the program needs. */
@NullMarked
package io.vitrine.launch;

import org.jspecify.annotations.NullMarked;
