@NullMarked
package io.vitrine.net.address;

import org.jspecify.annotations.NullMarked;
