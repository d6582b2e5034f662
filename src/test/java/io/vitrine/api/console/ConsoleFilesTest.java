package io.vitrine.api.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConsoleFilesTest {
  private static final Path SOURCE = Path.of("src/main/resources/console");
  private static final int MAX_GZIP_BYTES = 150 << 10;

  /** What could make markup, or a program, of a tenant's text; and other origins. */
  private static final Pattern UNSAFE =
      Pattern.compile(
          "innerHTML|outerHTML|insertAdjacent|document\\.write|srcdoc|\\beval\\b|new Function"
              + "|javascript:|createContextualFragment|DOMParser|https?://(?!www\\.w3\\.org/)\\w");

  private final ConsoleFiles files = new ConsoleFiles();

  @Test
  void hasEveryFileThatTheSourceHas() throws IOException {
    var expected = new TreeSet<>(Set.of("preact.js", "hooks.js", "uplot.js", "uplot.css"));
    source().forEach(file -> expected.add(file.getFileName().toString()));
    expected.remove("index.html");

    assertThat(files.files().keySet()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void makesNoMarkupOfTextAndNamesNoOtherOrigin() throws IOException {
    for (var file : source()) {
      assertThat(Files.readString(file)).as(file.toString()).doesNotContainPattern(UNSAFE);
    }
  }

  @Test
  void isSmall() {
    int bytes =
        files.page().gzip().length()
            + files.files().values().stream().mapToInt(file -> file.gzip().length()).sum();

    assertThat(bytes).isLessThan(MAX_GZIP_BYTES);
  }

  @Test
  void allowsTheImportMapByItsDigest() throws Exception {
    var map =
        Pattern.compile("<script type=\"importmap\">(.*)</script>")
            .matcher(files.page().plain().toString());
    assertThat(map.find()).isTrue();
    var digest = MessageDigest.getInstance("SHA-256").digest(map.group(1).getBytes(UTF_8));

    assertThat(files.securityPolicy())
        .contains(
            "script-src 'self' 'sha256-%s'".formatted(Base64.getEncoder().encodeToString(digest)))
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "*");
  }

  @Test
  void findsFilesByTheirWholePathOnly() {
    var digest = files.digest();

    assertThat(files.find(digest + "/main.js")).isPresent();
    assertThat(List.of("main.js", "/main.js", digest, digest + "/", digest + "/../index.html"))
        .allSatisfy(path -> assertThat(files.find(path)).isEmpty());
  }

  @Test
  void namesEveryModuleInThePageButThatOfPlots() {
    var page = files.page().plain().toString();
    var modules =
        files.files().keySet().stream()
            .filter(name -> name.endsWith(".js") && !name.equals("uplot.js"))
            .collect(Collectors.toSet());

    assertThat(page).doesNotContain("/uplot.js\">").contains("\"uplot\":\"./assets/");
    assertThat(modules)
        .allSatisfy(
            name ->
                assertThat(page)
                    .contains(
                        "<link rel=\"modulepreload\" href=\"./assets/%s/%s\">"
                            .formatted(files.digest(), name)));
  }

  private static List<Path> source() throws IOException {
    try (var paths = Files.list(SOURCE)) {
      return paths.sorted().toList();
    }
  }
}
