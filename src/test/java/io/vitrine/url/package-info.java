@NullMarked
package io.vitrine.url;

import org.jspecify.annotations.NullMarked;
