/** What operators see of the service: stores, queue, projects, and the last hours of a process. */
@NullMarked
package io.vitrine.api.status;

import org.jspecify.annotations.NullMarked;
