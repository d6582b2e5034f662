package io.vitrine.store.swift;

import io.vertx.core.json.JsonObject;
import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import io.vitrine.net.UrlKeys;
import io.vitrine.net.address.Url;
import java.util.Optional;

/**
 * The account that a store uses.
 *
 * @param authVersion 3 for Keystone, 1 for Swift's own authentication, which Ceph's gateway
 *     supports too
 * @param authUrl the authentication endpoint
 * @param user account:user with authVersion 1, where the password is the key
 * @param project empty for the user's default
 * @param applicationCredentialId replaces user and password
 * @param region of the endpoint in Keystone's catalog; empty for any
 */
public record SwiftLogin(
    int authVersion,
    Optional<Url> authUrl,
    String user,
    Secret password,
    String userDomain,
    String project,
    String projectDomain,
    String applicationCredentialId,
    Secret applicationCredentialSecret,
    String region) {

  static SwiftLogin from(Section section) {
    return new SwiftLogin(
        section.integer("auth_version", 1, 3),
        UrlKeys.libraryUrl(section, "auth_url"),
        section.text("user"),
        section.secret("password"),
        section.text("user_domain"),
        section.text("project"),
        section.text("project_domain"),
        section.text("application_credential_id"),
        section.secret("application_credential_secret"),
        section.text("region"));
  }

  /** The keys and their defaults. */
  static JsonObject keys() {
    return JsonObject.of("auth_version", 3, "auth_url", "", "user", "glance", "password", "")
        .put("user_domain", "Default")
        .put("project", "service")
        .put("project_domain", "Default")
        .put("application_credential_id", "")
        .put("application_credential_secret", "")
        .put("region", "");
  }

  /** The authentication endpoint, without which no configuration is accepted. */
  Url url() {
    return authUrl.orElseThrow();
  }

  boolean isToKeystone() {
    return authVersion != 1;
  }

  boolean isByApplicationCredential() {
    return !applicationCredentialId.isEmpty();
  }
}
