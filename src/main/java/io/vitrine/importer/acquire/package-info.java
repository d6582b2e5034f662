/** Gets the data of an import: from staging, another store, a web server or another region. */
@NullMarked
package io.vitrine.importer.acquire;

import org.jspecify.annotations.NullMarked;
