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

/** JSON files of metadata definitions, one namespace each, in Glance's format. */
public final class MetadefFiles {
  private static final List<String> BUILTIN =
      List.of("image-import", "image-signature", "image-encryption-key");

  private MetadefFiles() {}

  /** The namespaces found, and a message for each file that holds none. */
  public record Found(List<NamespaceDocument> documents, List<String> faults) {
    /** Copies the lists. */
    public Found {
      documents = List.copyOf(documents);
      faults = List.copyOf(faults);
    }
  }

  /** The namespaces shipped with the program, for the properties that it understands. */
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

  /** Reads a file, or all {@code .json} files of a directory. */
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

  /** Writes each namespace to a file; overwrites files of the same name. */
  public static void write(Path directory, List<NamespaceDocument> documents) throws IOException {
    Files.createDirectories(directory);
    var taken = new HashSet<String>();
    for (var document : documents) {
      var json = new JsonObject(document.toJson());
      var file = directory.resolve(fileName(document.namespace().name(), taken));
      Files.writeString(file, json.encodePrettily() + "\n");
    }
  }

  /** A safe and unique file name, as namespaces may contain any character. */
  private static String fileName(String namespace, Set<String> taken) {
    var base = namespace.replaceAll("[^\\p{L}\\p{N}]+", "-");
    var name = base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + "-" + i;
    }
    return name + ".json";
  }
}
