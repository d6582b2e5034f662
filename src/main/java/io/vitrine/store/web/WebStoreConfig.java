package io.vitrine.store.web;

import io.vertx.core.json.JsonObject;
import io.vitrine.config.Key;
import io.vitrine.config.Section;
import io.vitrine.fetch.UrlConfig;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.BlobStore;
import io.vitrine.store.StoreConfig;
import io.vitrine.store.StoreKind;
import io.vitrine.store.StoreSite;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A store of data on other servers, which {@link io.vitrine.fetch.WebStores} fetches.
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
