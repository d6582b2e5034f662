package io.vitrine.catalog.database;

import java.util.Optional;
import java.util.Set;

/**
 * What a server reports on a fresh connection.
 *
 * @param started the server's start time
 * @param working the backends with an active statement; empty behind a pooler, which hides them
 */
record Examination(String started, Optional<Set<Integer>> working) {
  boolean worksFor(int process) {
    return working.map(processes -> processes.contains(process)).orElse(true);
  }
}
