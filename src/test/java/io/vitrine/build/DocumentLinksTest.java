package io.vitrine.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every relative link of the documents leads to a file, and to a heading if it names one. */
class DocumentLinksTest {
  private static final Pattern FENCED = Pattern.compile("(?ms)^ *(```+).*?^ *\\1`* *$");
  private static final Pattern CODE = Pattern.compile("(`+)(?!`).*?(?<!`)\\1(?!`)");
  private static final Pattern LINK =
      Pattern.compile("\\]\\(<?([^)>\\s]+)>?[^)]*\\)|(?m)^ {0,3}\\[[^\\]]+\\]: *<?([^>\\s]+)>?");
  private static final Pattern OTHER_SITE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?)(?: +#+)? *$");
  private static final Pattern LINKED_TEXT = Pattern.compile("\\[([^\\]]*)\\]\\([^)]*\\)");
  private static final Pattern NOT_IN_ANCHORS = Pattern.compile("[^\\p{L}\\p{N} _-]");

  @Test
  void everyLinkLeadsSomewhere() throws Exception {
    var links = 0;
    var broken = new ArrayList<String>();

    for (var document : documents()) {
      links += links(document).size();
      broken.addAll(broken(document));
    }

    assertThat(broken).isEmpty();
    assertThat(links).as("links that were looked at").isGreaterThan(50);
  }

  @Test
  void brokenLinksAreFound(@TempDir Path directory) throws Exception {
    Files.writeString(
        directory.resolve("other.md"),
        """
        # What `serve` does, and why
        ## Twice
        ## Twice
        ```sh
        # no heading
        ```
        """);
    var document = directory.resolve("links.md");
    Files.writeString(
        document,
        """
        # Here
        [a](other.md), [b](other.md#what-serve-does-and-why), [c](other.md#twice-1), [d](#here),
        [e](https://example.org/absent), `[f](absent.md)`, [g]: no definition
        ```
        [h](absent.md)
        ```
        [i](absent.md), [j](other.md#no-heading), [k](#absent), [l](other.md#twice-2), [m](Other.md)

        [n]: absent.md#absent
        """);

    assertThat(broken(document))
        .containsExactly(
            document + ": absent.md",
            document + ": other.md#no-heading",
            document + ": #absent",
            document + ": other.md#twice-2",
            document + ": Other.md",
            document + ": absent.md#absent");
  }

  private static List<Path> documents() throws IOException {
    var documents =
        new ArrayList<>(
            Stream.of("README.md", "conf/README.md", "k8s/README.md").map(Path::of).toList());
    for (var directory : List.of("src/site/markdown", ".github")) {
      try (var files = Files.list(Path.of(directory))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
      }
    }
    return documents;
  }

  private static List<String> broken(Path document) throws IOException {
    var broken = new ArrayList<String>();
    for (var link : links(document)) {
      if (!leadsSomewhere(document, link)) {
        broken.add(document + ": " + link);
      }
    }
    return broken;
  }

  private static List<String> links(Path document) throws IOException {
    var text = CODE.matcher(withoutCode(document)).replaceAll("");
    return LINK.matcher(text)
        .results()
        .map(link -> link.group(1) == null ? link.group(2) : link.group(1))
        .filter(link -> !OTHER_SITE.matcher(link).matches())
        .toList();
  }

  private static boolean leadsSomewhere(Path document, String link) throws IOException {
    int hash = link.indexOf('#');
    var path = URLDecoder.decode(hash < 0 ? link : link.substring(0, hash), UTF_8);
    var target = path.isEmpty() ? document : document.resolveSibling(path).normalize();
    if (!Files.exists(target)) {
      return false;
    }
    return hash < 0
        || !target.toString().endsWith(".md")
        || anchors(target).contains(link.substring(hash + 1));
  }

  /** The anchors that GitHub gives to headings; equal ones are counted. */
  private static Set<String> anchors(Path document) throws IOException {
    var anchors = new HashSet<String>();
    var uses = new HashMap<String, Integer>();
    HEADING
        .matcher(withoutCode(document))
        .results()
        .map(heading -> LINKED_TEXT.matcher(heading.group(1)).replaceAll("$1"))
        .map(title -> NOT_IN_ANCHORS.matcher(title.toLowerCase(Locale.ROOT)).replaceAll(""))
        .map(title -> title.replace(' ', '-'))
        .forEach(
            anchor -> {
              int earlier = uses.merge(anchor, 1, Integer::sum) - 1;
              anchors.add(earlier == 0 ? anchor : anchor + "-" + earlier);
            });
    return anchors;
  }

  private static String withoutCode(Path document) throws IOException {
    return FENCED.matcher(Files.readString(document)).replaceAll("");
  }
}
