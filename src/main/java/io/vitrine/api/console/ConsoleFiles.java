package io.vitrine.api.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The page and all files that it names, directly or through each other as {@code ./name}. Their
 * paths contain a digest of all of them, so browsers may keep them forever.
 */
final class ConsoleFiles {
  private static final String PAGE = "index.html";
  private static final Pattern REFERENCE = Pattern.compile("[\"']\\./([a-z-]+\\.(?:js|css|svg))");

  /** Loaded only by the page that needs it. */
  private static final String PLOTS = "uplot.js";

  /** What comes from libraries: modules that the others import by bare names, and styles. */
  private static final Map<String, LibraryFile> LIBRARY =
      Map.of(
          "preact.js",
          new LibraryFile("preact", "dist/preact.module.js"),
          "hooks.js",
          new LibraryFile("preact", "hooks/dist/hooks.module.js"),
          PLOTS,
          new LibraryFile("uplot", "dist/uPlot.esm.js"),
          "uplot.css",
          new LibraryFile("uplot", "dist/uPlot.min.css"));

  private final Map<String, ConsoleFile> files;
  private final ConsoleFile page;
  private final String digest;
  private final String mapDigest;

  /** Reads resources and compresses them. */
  ConsoleFiles() {
    var source = resource("/console/" + PAGE);
    var texts = referred(source);
    digest = HexFormat.of().formatHex(sha256(source + texts), 0, 10);
    files =
        texts.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, each -> ConsoleFile.of(each.getKey(), each.getValue())));
    var map = importMap();
    mapDigest = Base64.getEncoder().encodeToString(sha256(map));
    page = ConsoleFile.of(PAGE, page(source, map));
  }

  /** The page. */
  ConsoleFile page() {
    return page;
  }

  /** Tells versions of the console apart. */
  String digest() {
    return digest;
  }

  /** A file that the page names, by its path below {@code assets/}. */
  Optional<ConsoleFile> find(String path) {
    var start = digest + "/";
    return path.startsWith(start)
        ? Optional.ofNullable(files.get(path.substring(start.length())))
        : Optional.empty();
  }

  /** The names of all files but the page, with their contents. */
  Map<String, ConsoleFile> files() {
    return files;
  }

  /** Nothing but files of this origin runs, and the import map, which must be inline. */
  String securityPolicy() {
    return "default-src 'none'; script-src 'self' 'sha256-"
        + mapDigest
        + "'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
        + " form-action 'none'; frame-ancestors 'none';"
        + " require-trusted-types-for 'script'; trusted-types 'none'";
  }

  private String page(String source, String map) {
    var preloads =
        files.keySet().stream()
            .filter(name -> name.endsWith(".js") && !name.equals(PLOTS))
            .sorted()
            .map(name -> "<link rel=\"modulepreload\" href=\"./%s\">".formatted(name))
            .collect(Collectors.joining("\n"));
    return source
        .replace("@preloads@", preloads)
        .replace("\"./", "\"./assets/" + digest + "/")
        .replace("@imports@", map);
  }

  private String importMap() {
    var base = "./assets/" + digest + "/";
    return """
        {"imports":{"preact":"%spreact.js","preact/hooks":"%<shooks.js","uplot":"%<s%s"}}"""
        .formatted(base, PLOTS);
  }

  private static Map<String, String> referred(String page) {
    var texts = new TreeMap<String, String>();
    LIBRARY.forEach((name, file) -> texts.put(name, file.text()));
    var unread = new ArrayDeque<String>();
    unread.add(page);
    while (!unread.isEmpty()) {
      var references = REFERENCE.matcher(unread.remove());
      while (references.find()) {
        var name = references.group(1);
        if (!texts.containsKey(name)) {
          var text = resource("/console/" + name);
          texts.put(name, text);
          unread.add(text);
        }
      }
    }
    return texts;
  }

  private static String resource(String path) {
    try (var stream = open(path)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static InputStream open(String path) {
    var stream = ConsoleFiles.class.getResourceAsStream(path);
    if (stream == null) {
      throw new IllegalStateException("missing resource " + path);
    }
    return stream;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A file of a library, whose version its jar tells. */
  private record LibraryFile(String library, String path) {
    String text() {
      var properties = new Properties();
      try (var stream =
          open("/META-INF/maven/org.webjars.npm/%s/pom.properties".formatted(library))) {
        properties.load(stream);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
      return resource(
          "/META-INF/resources/webjars/%s/%s/%s"
              .formatted(library, properties.getProperty("version"), path));
    }
  }
}
