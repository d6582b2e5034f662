/**
 * Import workers: they lease tasks, fetch data, convert it and write it to stores. The queue is in
 * the catalog, the HTTP client in fetch.
 */
@NullMarked
package io.vitrine.importer;

import org.jspecify.annotations.NullMarked;
