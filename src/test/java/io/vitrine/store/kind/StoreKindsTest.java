package io.vitrine.store.kind;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.config.Section;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.file.FileBlobStore;
import io.vitrine.store.file.FileConfig;
import io.vitrine.store.file.FileLayout;
import io.vitrine.transfer.disk.DiskSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kind of store that only this test knows, registered beside another one. */
class StoreKindsTest {
  private static final StoreKind SHELF =
      new StoreKind(
          "shelf",
          true,
          JsonObject.of("shelf", JsonObject.of("board", "upper")),
          (backend, home) -> new Shelf(backend.section("shelf").text("board"), home));

  private static final StoreKinds KINDS = new StoreKinds(List.of(FileConfig.KIND, SHELF));

  /** Keeps data in a directory; any kind of data that is on a board would do. */
  private record Shelf(String board, Path home) implements StoreConfig {
    @Override
    public Optional<BlobStore> open(String id, StoreSite site) throws IOException {
      return Optional.of(new FileBlobStore(id, FileLayout.of(home.resolve(board), site.flushes())));
    }

    @Override
    public Function<BlobRef, String> urls() {
      return blob -> "shelf://" + board + "/" + blob.id();
    }

    @Override
    public Map<String, Object> properties() {
      return Map.of("board", board);
    }
  }

  private static StoresConfig read(Path home, JsonObject backends) {
    var section =
        JsonObject.of("default", "books", "timeout", "30s", "check_interval", "5s")
            .put("instances", 1)
            .put("backends", backends)
            .put("staging", JsonObject.of("kind", "shelf"));
    return StoresConfig.from(Section.of(section), home, KINDS);
  }

  @Test
  void readsAndOpensStoresOfARegisteredKind(@TempDir Path home) throws IOException {
    var config =
        read(
            home,
            JsonObject.of(
                "books",
                JsonObject.of("kind", "shelf", "shelf", JsonObject.of("board", "lower")),
                "files",
                new JsonObject()));

    assertThat(requireNonNull(config.backends().get("books")).store())
        .isEqualTo(new Shelf("lower", home.resolve("stores/books")));
    assertThat(requireNonNull(config.backends().get("books")).isWritable()).isTrue();
    assertThat(requireNonNull(config.backends().get("files")).kind()).isEqualTo(FileConfig.KIND);
    assertThat(config.staging().store()).isEqualTo(new Shelf("upper", home.resolve("staging")));
    var site = new StoreSite(true, false, 1, new DiskSpace(), (id, shared) -> Founding.ALWAYS);
    var opened = config.open(site);
    assertThat(opened.stream().map(BlobStore::id))
        .containsExactly("books", "files", BlobRef.STAGING_STORE);
    opened.forEach(BlobStore::close);
  }

  @Test
  void namesTheKeysOfAllKinds() {
    var schema = KINDS.schema();

    assertThat(schema.entries().get(List.of("stores", "backends")))
        .isEqualTo(
            JsonObject.of("kind", "file", "dir", "", "dirs", new JsonArray(), "reserve", 0)
                .put("file_perm", "")
                .put("thin_provisioning", false)
                .put("direct_io", "auto")
                .put("shared", false)
                .put("shelf", JsonObject.of("board", "upper"))
                .put("description", "")
                .put("weight", 0)
                .put("read_only", false)
                .put("dedup", false));
    assertThat(
            requireNonNull(schema.sections().get(List.of("stores", "staging")))
                .getJsonObject("shelf"))
        .isEqualTo(JsonObject.of("board", "upper"));
  }
}
