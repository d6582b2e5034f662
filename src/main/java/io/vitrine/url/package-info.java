/** URLs as the WHATWG URL standard parses, resolves and writes them; plain Java. */
@NullMarked
package io.vitrine.url;

import org.jspecify.annotations.NullMarked;
