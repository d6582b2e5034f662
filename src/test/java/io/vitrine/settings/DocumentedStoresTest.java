package io.vitrine.settings;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.store.kind.StoresConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The blocks of stores in conf/vitrine.yaml work as they are once their "#" is removed. */
class DocumentedStoresTest {
  private static final String NONE = "\n  backends: {}\n";
  private static final Map<String, String> REQUIRED =
      Map.of(
          "s3", "s3: {bucket: images}",
          "swift", "swift: {auth_url: \"https://keystone.example:5000/v3\"}");

  private static final Set<String> FILES_ONLY =
      Set.of("dir", "dirs", "reserve", "file_perm", "thin_provisioning", "direct_io", "shared");

  @ParameterizedTest
  @MethodSource("ids")
  void showsTheDefaultsOfAKind(String id) {
    var shown = backend(id);

    var needed = ", " + REQUIRED.getOrDefault(shown.kind().name(), "description: \"\"");
    var plain =
        TestingConfig.load(
            "stores: {default: %s, backends: {%s: {kind: %s%s}, other: {kind: file}}}"
                .formatted(shown.isWritable() ? id : "other", id, shown.kind().name(), needed));
    assertThat(plain.stores().backends().get(id)).isEqualTo(shown);
  }

  @ParameterizedTest
  @MethodSource("ids")
  void showsEveryKeyOfAKind(String id) {
    var kind = backend(id).kind().name();

    assertThat(keys(block(id))).isEqualTo(keysOf(kind));
  }

  @Test
  void showsEveryKind() {
    assertThat(ids().stream().map(id -> backend(id).kind().name()))
        .containsExactly("file", "rbd", "s3", "swift", "http");
  }

  @Test
  void takesAllBlocksTogether() {
    var all = String.join("", blocks().values());

    var config = TestingConfig.load(configured(all).replace("default: local", "default: files"));

    assertThat(config.stores().backends().keySet()).containsExactlyElementsOf(ids());
  }

  /** Loads the whole file with one block, and a store for new data beside it. */
  private static StoresConfig.Backend backend(String id) {
    var config = TestingConfig.load(configured("    local: {kind: file}\n" + block(id)));
    return requireNonNull(config.stores().backends().get(id));
  }

  private static String configured(String backends) {
    var text = text();
    assertThat(text).contains(NONE);
    return text.replace(NONE, "\n  backends:\n" + backends);
  }

  static List<String> ids() {
    return List.copyOf(blocks().keySet());
  }

  /** The blocks by id, each without the "#" at the beginning of its lines. */
  private static Map<String, String> blocks() {
    var blocks = new LinkedHashMap<String, String>();
    var lines = new ArrayList<String>();
    for (var line : (Iterable<String>) text().lines()::iterator) {
      if (line.startsWith("#    ")) {
        lines.add(line.substring(1));
      } else if (!lines.isEmpty()) {
        var id = lines.getFirst().strip().replace(":", "");
        blocks.put(id, lines.stream().collect(joining("\n", "", "\n")));
        lines.clear();
      }
    }
    return blocks;
  }

  private static String block(String id) {
    return requireNonNull(blocks().get(id));
  }

  private static Set<String> keys(String block) {
    return block.lines().skip(1).map(line -> line.strip().split(":", 2)[0]).collect(toSet());
  }

  private static Set<String> keysOf(String kind) {
    var entries = VitrineConfig.STORES.schema().entries();
    var defaults = requireNonNull(entries.get(List.of("stores", "backends")));
    var keys = new HashSet<String>();
    for (var name : defaults.fieldNames()) {
      if (defaults.getValue(name) instanceof JsonObject part) {
        keys.addAll(name.equals(kind) ? part.fieldNames() : Set.of());
      } else if (kind.equals("file") || !FILES_ONLY.contains(name)) {
        keys.add(name);
      }
    }
    if (!kind.equals("file")) {
      keys.add(kind);
    }
    if (kind.equals("http")) {
      keys.remove("dedup");
    }
    return keys;
  }

  private static String text() {
    try {
      return Files.readString(Path.of("conf/vitrine.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
