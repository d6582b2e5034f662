package io.vitrine.store.swift;

import io.vitrine.net.address.Url;
import java.time.Duration;

/**
 * The container of a store and how it is written.
 *
 * @param container the container of the blobs; segments are in one of the same name with
 *     "_segments" appended
 * @param createsContainer whether to create both containers if they do not exist
 * @param segmentBytes the largest size of a segment
 * @param requestTimeout how long a request may take, or a segment may make no progress
 * @param retries how often a failed request is retried
 */
public record SwiftSettings(
    Login login,
    String container,
    boolean createsContainer,
    long segmentBytes,
    Duration connectTimeout,
    Duration requestTimeout,
    int retries) {

  String segments() {
    return container + "_segments";
  }

  /** A way to get a token. */
  public sealed interface Login {
    /** The authentication endpoint. */
    Url url();

    /** Swift's v1 authentication, which Ceph's gateway supports too. */
    record V1(Url url, String user, String key) implements Login {}

    /** Keystone with a password; an empty project means the user's default. */
    record Password(Url url, String region, Account account, String password) implements Login {}

    /** Keystone with an application credential. */
    record ApplicationCredential(Url url, String region, String id, String secret)
        implements Login {}
  }

  /** A Keystone user acting for a project. */
  public record Account(String user, String userDomain, String project, String projectDomain) {}
}
