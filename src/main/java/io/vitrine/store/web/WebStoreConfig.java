package io.vitrine.store.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vitrine.config.Key;
import io.vitrine.config.Section;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.UriRules;
import io.vitrine.fetch.UrlConfig;
import io.vitrine.fetch.WebDownloadConfig;
import io.vitrine.fetch.WebStores;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.kind.StoreConfig;
import io.vitrine.store.kind.StoreKind;
import io.vitrine.store.kind.StoreSite;
import io.vitrine.store.kind.StoresConfig;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A store of data on other servers, which {@link WebStores} fetches.
 *
 * @param permitted the permitted URLs; without networks, those of web-download apply
 * @param caFile certificate authorities that replace the JDK's
 * @param compareLength whether the data must have the image's size
 */
@Key("http")
public record WebStoreConfig(
    @Key("") UrlConfig permitted, Optional<Path> caFile, boolean compareLength)
    implements StoreConfig {

  /** URLs of other servers. */
  public static final StoreKind KIND =
      new StoreKind(
          "http",
          false,
          JsonObject.of("http", UrlConfig.keys().put("ca_file", "").put("compare_length", false)),
          (backend, home) -> from(backend.section("http")));

  private static WebStoreConfig from(Section section) {
    return new WebStoreConfig(
        UrlConfig.from(section), section.file("ca_file"), section.flag("compare_length"));
  }

  /** Opens the stores of this kind; the default store comes first. */
  public static WebStores open(StoresConfig stores, WebDownloadConfig downloads, Vertx vertx) {
    return new WebStores(
        stores.backends().entrySet().stream()
            .sorted(Comparator.comparing(store -> !store.getKey().equals(stores.defaultBackend())))
            .flatMap(
                store ->
                    store.getValue().store() instanceof WebStoreConfig config
                        ? Stream.of(config.open(store.getKey(), downloads, vertx))
                        : Stream.of())
            .toList());
  }

  private WebStores.WebStore open(String id, WebDownloadConfig downloads, Vertx vertx) {
    var rules = downloads.rulesFor(permitted);
    var tls = new HttpClientOptions();
    caFile.ifPresent(
        file -> tls.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    return new WebStores.WebStore(
        id, new UriRules(rules), new Fetcher(vertx, rules, tls), compareLength);
  }

  @Override
  public Optional<BlobStore> open(String id, StoreSite site) {
    return Optional.empty();
  }

  @Override
  public Function<BlobRef, String> urls() {
    return BlobRef::path;
  }

  @Override
  public Map<String, Object> properties() {
    return Map.of();
  }
}
