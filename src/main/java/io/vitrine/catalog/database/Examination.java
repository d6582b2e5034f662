package io.vitrine.catalog.database;

import java.util.Optional;
import java.util.Set;

/**
 * What a server says of itself on a fresh connection.
 *
 * @param started when it was started
 * @param working the processes that work on a statement; nothing behind a pooler, which hides them
 */
record Examination(String started, Optional<Set<Integer>> working) {
  boolean worksFor(int process) {
    return working.map(processes -> processes.contains(process)).orElse(true);
  }
}
