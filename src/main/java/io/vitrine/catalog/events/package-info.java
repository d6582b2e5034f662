/** What has happened to images and definitions, in the order in which it did. */
@NullMarked
package io.vitrine.catalog.events;

import org.jspecify.annotations.NullMarked;
