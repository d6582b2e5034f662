package io.vitrine.app;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vitrine.fetch.FetchRules;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.MinimumRate;
import io.vitrine.fetch.RegionImages;
import io.vitrine.fetch.Resumption;
import io.vitrine.fetch.UriRules;
import io.vitrine.fetch.UrlConfig;
import io.vitrine.fetch.UrlFilter;
import io.vitrine.fetch.WebStores;
import io.vitrine.importer.ImportConfig;
import io.vitrine.net.address.Network;
import io.vitrine.net.address.NetworkLists;
import io.vitrine.store.StoresConfig;
import io.vitrine.store.web.WebStoreConfig;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Creates the clients that fetch from web servers, and the rules they obey, from the configuration.
 */
record FetchWiring(Vertx vertx, ImportConfig config) {
  Fetcher fetcher() {
    return new Fetcher(vertx, rules());
  }

  UriRules uriRules() {
    return new UriRules(rules());
  }

  RegionImages regionImages() {
    var web = config.webDownload();
    return new RegionImages(
        vertx,
        config.glanceDownload().caFile(),
        resumption(),
        web.connectTimeout(),
        web.readTimeout());
  }

  /** The stores of kind http; the default store comes first. */
  WebStores webStores(StoresConfig stores) {
    return new WebStores(
        stores.backends().entrySet().stream()
            .sorted(Comparator.comparing(store -> !store.getKey().equals(stores.defaultBackend())))
            .flatMap(
                store ->
                    store.getValue().store() instanceof WebStoreConfig http
                        ? Stream.of(webStore(store.getKey(), http))
                        : Stream.of())
            .toList());
  }

  private WebStores.WebStore webStore(String id, WebStoreConfig store) {
    boolean hasNetworks =
        !store.permitted().allowedNetworks().isEmpty()
            || !store.permitted().disallowedNetworks().isEmpty();
    var rules =
        rules(store.permitted(), hasNetworks ? store.permitted() : config.webDownload().urls());
    var tls = new HttpClientOptions();
    store
        .caFile()
        .ifPresent(file -> tls.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    return new WebStores.WebStore(
        id, new UriRules(rules), new Fetcher(vertx, rules, tls), store.compareLength());
  }

  private FetchRules rules() {
    var urls = config.webDownload().urls();
    return rules(urls, urls);
  }

  private FetchRules rules(UrlConfig urls, UrlConfig networks) {
    var web = config.webDownload();
    return new FetchRules(
        new UrlFilter(
            UrlFilter.Lists.of(urls.allowedSchemes(), urls.disallowedSchemes()),
            UrlFilter.Lists.of(urls.allowedHosts(), urls.disallowedHosts()),
            UrlFilter.Lists.of(urls.allowedPorts(), urls.disallowedPorts())),
        new NetworkLists(
            networks(networks.allowedNetworks()), networks(networks.disallowedNetworks())),
        web.maxRedirects(),
        web.connectTimeout(),
        web.readTimeout(),
        resumption());
  }

  private Resumption resumption() {
    var web = config.webDownload();
    var least = new MinimumRate(web.minRate().bytes(), web.minRateWindow(), web.timeLimit());
    return new Resumption(web.maxResumes(), web.maxAttempts(), web.retryPause(), least);
  }

  private static List<Network> networks(List<String> texts) {
    return texts.stream().map(Network::parse).toList();
  }
}
