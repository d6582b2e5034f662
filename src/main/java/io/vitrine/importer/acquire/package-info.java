/** The stage that acquires the data of imports: from staging, a web server or another region. */
@NullMarked
package io.vitrine.importer.acquire;

import org.jspecify.annotations.NullMarked;
