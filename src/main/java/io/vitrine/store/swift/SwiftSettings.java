package io.vitrine.store.swift;

import io.vitrine.net.address.Url;
import java.time.Duration;

/**
 * Where a store's objects lie and how they are written.
 *
 * @param container of the blobs; their segments lie in one named like it with "_segments"
 * @param createsContainer whether both are made if they do not exist
 * @param segmentBytes how large a segment can get
 * @param requestTimeout how long one request may take, or one segment may make no progress
 * @param retries how often a request that failed is made again
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

  /** How to get a token. */
  public sealed interface Login {
    /** Where to ask. */
    Url url();

    /** Swift's own way, which Ceph's gateway has too. */
    record V1(Url url, String user, String key) implements Login {}

    /** Keystone, by a password; the project may be empty for the user's default. */
    record Password(Url url, String region, Account account, String password) implements Login {}

    /** Keystone, by an application credential. */
    record ApplicationCredential(Url url, String region, String id, String secret)
        implements Login {}
  }

  /** A user of Keystone acting for a project. */
  public record Account(String user, String userDomain, String project, String projectDomain) {}
}
