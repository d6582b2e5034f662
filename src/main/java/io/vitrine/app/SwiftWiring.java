package io.vitrine.app;

import io.vitrine.config.SwiftConfig;
import io.vitrine.net.address.Url;
import io.vitrine.store.swift.SwiftSettings;

/**
 * Translates the configuration of a Swift store into its settings and its description for callers.
 */
final class SwiftWiring {
  private SwiftWiring() {}

  static SwiftSettings settings(SwiftConfig swift) {
    return new SwiftSettings(
        login(swift, swift.authUrl().orElseThrow()),
        swift.container(),
        swift.createContainer(),
        swift.segmentSize().bytes(),
        swift.connectTimeout(),
        swift.requestTimeout(),
        swift.retries());
  }

  private static SwiftSettings.Login login(SwiftConfig swift, Url url) {
    var password = swift.password().value();
    if (swift.authVersion() == 1) {
      return new SwiftSettings.Login.V1(url, swift.user(), password);
    }
    if (!swift.applicationCredentialId().isEmpty()) {
      return new SwiftSettings.Login.ApplicationCredential(
          url,
          swift.region(),
          swift.applicationCredentialId(),
          swift.applicationCredentialSecret().value());
    }
    var account =
        new SwiftSettings.Account(
            swift.user(), swift.userDomain(), swift.project(), swift.projectDomain());
    return new SwiftSettings.Login.Password(url, swift.region(), account, password);
  }

  /** The container's URL in Glance's form, without a password. */
  static String url(SwiftConfig swift) {
    var login = swift.authUrl().orElseThrow();
    return "swift+%s://%s%s/%s/"
        .formatted(login.scheme(), login.authority(), login.path(), swift.container());
  }
}
