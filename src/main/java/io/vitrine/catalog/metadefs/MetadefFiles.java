package io.vitrine.catalog.metadefs;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.metadef.NamespaceDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Namespaces of metadata definitions in JSON files, one each, in the form that Glance has. */
public final class MetadefFiles {
  private static final List<String> BUILTIN =
      List.of("image-import", "image-signature", "image-encryption-key");

  private MetadefFiles() {}

  /** What was found: namespaces, and for each file that holds none the reason. */
  public record Found(List<NamespaceDocument> documents, List<String> faults) {
    /** Copies the lists. */
    public Found {
      documents = List.copyOf(documents);
      faults = List.copyOf(faults);
    }
  }

  /** The namespaces that come with the program: of what it understands itself. */
  public static List<NamespaceDocument> builtin() {
    return BUILTIN.stream().map(MetadefFiles::resource).toList();
  }

  private static NamespaceDocument resource(String name) {
    try (var stream = MetadefFiles.class.getResourceAsStream("/metadefs/" + name + ".json")) {
      if (stream == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return parse(stream.readAllBytes());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Reads a file, or all files of a directory whose names end with {@code .json}. */
  public static Found read(Path place) throws IOException {
    var documents = new ArrayList<NamespaceDocument>();
    var faults = new ArrayList<String>();
    for (var file : files(place)) {
      try {
        documents.add(parse(Files.readAllBytes(file)));
      } catch (IOException | DecodeException | ClassCastException malformed) {
        faults.add(file + ": not a file with a JSON object");
      } catch (ProblemException refused) {
        faults.add(file + ": " + refused.problem().detail());
      }
    }
    return new Found(documents, faults);
  }

  private static List<Path> files(Path place) throws IOException {
    if (Files.isRegularFile(place)) {
      return List.of(place);
    }
    try (Stream<Path> entries = Files.list(place)) {
      return entries
          .filter(file -> file.getFileName().toString().endsWith(".json"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }

  private static NamespaceDocument parse(byte[] json) {
    return NamespaceDocument.parse(
        Buffer.buffer(json).toJsonObject().getMap(), NamespaceDocument.OPERATOR);
  }

  /** Writes each namespace to a file of its own, over one of the same name. */
  public static void write(Path directory, List<NamespaceDocument> documents) throws IOException {
    Files.createDirectories(directory);
    var taken = new HashSet<String>();
    for (var document : documents) {
      var json = new JsonObject(document.toJson());
      var file = directory.resolve(fileName(document.namespace().name(), taken));
      Files.writeString(file, json.encodePrettily() + "\n");
    }
  }

  /** Names may hold what file names cannot. */
  private static String fileName(String namespace, Set<String> taken) {
    var base = namespace.replaceAll("[^\\p{L}\\p{N}]+", "-");
    var name = base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + "-" + i;
    }
    return name + ".json";
  }
}
