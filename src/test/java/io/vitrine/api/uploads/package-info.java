@NullMarked
package io.vitrine.api.uploads;

import org.jspecify.annotations.NullMarked;
