package io.vitrine.cli;

import io.vitrine.catalog.database.DatabaseAddress;
import io.vitrine.catalog.embedded.EmbeddedPostgres;
import io.vitrine.settings.VitrineConfig;
import java.util.Optional;

/** The configured database, for the duration of a command. */
final class ConfiguredDatabase {
  private ConfiguredDatabase() {}

  /** Work on the database. */
  interface Work<E extends Exception> {
    int on(DatabaseAddress address) throws E;
  }

  /** Runs work on the configured database, even while a server uses it. */
  static <E extends Exception> int share(VitrineConfig config, Work<E> work) throws E {
    var other =
        config.database().isEmbedded()
            ? EmbeddedPostgres.ofOther(config.data().dir())
            : Optional.<DatabaseAddress>empty();
    return other.isPresent() ? work.on(other.get()) : use(config, work);
  }

  /** Runs work on the configured database; starts the embedded one for that time. */
  static <E extends Exception> int use(VitrineConfig config, Work<E> work) throws E {
    if (!config.database().isEmbedded()) {
      return work.on(DatabaseAddress.of(config.database()));
    }
    try (var postgres = EmbeddedPostgres.start(config.data().dir())) {
      return work.on(postgres.address());
    }
  }
}
