package io.vitrine.importer;

import io.vertx.core.Vertx;
import io.vitrine.fetch.FetchRules;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.Resumption;
import io.vitrine.fetch.UriRules;
import io.vitrine.fetch.UrlFilter;
import io.vitrine.fetch.WebStores;
import io.vitrine.net.address.Network;
import io.vitrine.net.address.NetworkLists;
import java.time.Duration;
import java.util.List;

/** Fetches from one port of this machine, without resuming broken transfers. */
public final class TestingFetcher {
  private TestingFetcher() {}

  public static Fetcher on(Vertx vertx, int port) {
    return new Fetcher(vertx, rules(port));
  }

  /** A store for data on that port. */
  public static WebStores store(Vertx vertx, String id, int port) {
    return new WebStores(
        List.of(new WebStores.WebStore(id, new UriRules(rules(port)), on(vertx, port), false)));
  }

  private static FetchRules rules(int port) {
    return new FetchRules(
        new UrlFilter(
            UrlFilter.Lists.of(List.of("http"), List.of()),
            UrlFilter.Lists.of(List.of(), List.of()),
            UrlFilter.Lists.of(List.of(port), List.of())),
        new NetworkLists(List.of(Network.parse("127.0.0.0/8")), List.of()),
        0,
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        new Resumption(0, 1, Duration.ofMillis(1)));
  }
}
