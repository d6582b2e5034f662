package io.vitrine.config;

import io.vertx.core.json.JsonObject;
import io.vitrine.net.address.Url;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A container of OpenStack Swift, or of a compatible server.
 *
 * @param authVersion 3 for Keystone, 1 for Swift's own authentication
 * @param user account:user with authVersion 1, where the password is the key
 * @param region of the endpoint in Keystone's catalog; empty for any
 * @param applicationCredentialId replaces user and password
 */
public record SwiftConfig(
    int authVersion,
    Optional<Url> authUrl,
    String user,
    Secret password,
    String userDomain,
    String project,
    String projectDomain,
    String applicationCredentialId,
    Secret applicationCredentialSecret,
    String region,
    String container,
    boolean createContainer,
    ByteSize segmentSize,
    Duration connectTimeout,
    Duration requestTimeout,
    int retries) {

  private static final Pattern CONTAINER = Pattern.compile("[^/]{1,200}");

  static SwiftConfig from(Section section) {
    var config =
        new SwiftConfig(
            section.integer("auth_version", 1, 3),
            section.libraryUrl("auth_url"),
            section.text("user"),
            section.secret("password"),
            section.text("user_domain"),
            section.text("project"),
            section.text("project_domain"),
            section.text("application_credential_id"),
            section.secret("application_credential_secret"),
            section.text("region"),
            section.text("container", CONTAINER, "the name of a container"),
            section.flag("create_container"),
            section.size("segment_size", "1MiB", "5GiB"),
            section.duration("connect_timeout", "100ms", "1m"),
            section.duration("request_timeout", "1s", "10m"),
            section.integer("retries", 0, 10));
    section.require(config.authVersion != 2, "auth_version", "2 is not allowed; give 3 or 1");
    section.require(
        config.authUrl.isPresent(), "auth_url", "kind swift needs the URL for logging in");
    return config;
  }

  /** The keys and their defaults. */
  static JsonObject defaults() {
    return JsonObject.of("auth_version", 3, "auth_url", "", "user", "glance", "password", "")
        .put("user_domain", "Default")
        .put("project", "service")
        .put("project_domain", "Default")
        .put("application_credential_id", "")
        .put("application_credential_secret", "")
        .put("region", "")
        .put("container", "glance")
        .put("create_container", false)
        .put("segment_size", "200MiB")
        .put("connect_timeout", "5s")
        .put("request_timeout", "30s")
        .put("retries", 2);
  }
}
