/** What an import is at, how far it is, and what its failures mean. */
@NullMarked
package io.vitrine.importer.job;

import org.jspecify.annotations.NullMarked;
