package io.vitrine;

import io.vertx.core.Vertx;
import io.vitrine.config.ImportConfig;
import io.vitrine.fetch.FetchRules;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.Network;
import io.vitrine.fetch.NetworkLists;
import io.vitrine.fetch.Pace;
import io.vitrine.fetch.RegionImages;
import io.vitrine.fetch.Resumption;
import io.vitrine.fetch.UriRules;
import io.vitrine.fetch.UrlFilter;
import java.util.List;

/** Makes what reads from servers of others, and the rules for it, from the configuration. */
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

  private FetchRules rules() {
    var web = config.webDownload();
    return new FetchRules(
        new UrlFilter(
            UrlFilter.Lists.of(web.allowedSchemes(), web.disallowedSchemes()),
            UrlFilter.Lists.of(web.allowedHosts(), web.disallowedHosts()),
            UrlFilter.Lists.of(web.allowedPorts(), web.disallowedPorts())),
        new NetworkLists(networks(web.allowedNetworks()), networks(web.disallowedNetworks())),
        web.maxRedirects(),
        web.connectTimeout(),
        web.readTimeout(),
        resumption());
  }

  private Resumption resumption() {
    var web = config.webDownload();
    var pace = new Pace(web.minRate().bytes(), web.minRateWindow(), web.timeLimit());
    return new Resumption(web.maxResumes(), web.maxAttempts(), web.retryPause(), pace);
  }

  private static List<Network> networks(List<String> texts) {
    return texts.stream().map(Network::parse).toList();
  }
}
