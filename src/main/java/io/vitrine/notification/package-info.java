/**
 * Notifications in Glance's words: their types and payloads. Plain Java; sinks deliver them
 * elsewhere.
 */
@NullMarked
package io.vitrine.notification;

import org.jspecify.annotations.NullMarked;
