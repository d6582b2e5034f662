/** What others are told of, in the words of Glance: plain Java, no framework. */
@NullMarked
package io.vitrine.notification;

import org.jspecify.annotations.NullMarked;
