/** Tests of what is believed of proxies. */
@NullMarked
package io.vitrine.net.proxy;

import org.jspecify.annotations.NullMarked;
