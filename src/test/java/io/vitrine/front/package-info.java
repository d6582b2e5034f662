/** Tests of what is believed of proxies. */
@NullMarked
package io.vitrine.front;

import org.jspecify.annotations.NullMarked;
