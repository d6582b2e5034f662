package io.vitrine.store.file;

import io.vitrine.store.BlobStoreContract;
import io.vitrine.store.blob.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest extends BlobStoreContract {
  private final Path directory;
  private final FileBlobStore store;

  FileBlobStoreTest(@TempDir Path parent) throws IOException {
    directory = parent.resolve("made/when/missing");
    store = new FileBlobStore("fast", FileLayout.of(directory, true));
  }

  @Override
  public BlobStore store() {
    return store;
  }

  @Override
  public boolean keepsFiles() {
    return true;
  }

  @Override
  public boolean isEmpty() throws IOException {
    try (var tree = Files.walk(directory)) {
      return tree.allMatch(Files::isDirectory);
    }
  }
}
