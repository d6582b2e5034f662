package io.vitrine.store.blob;

import static io.vitrine.image.problem.ProblemException.locked;

import io.vitrine.image.location.BlobRef;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The writers that a store has in this process, one for a blob. */
public final class OwnWriters {
  /** Ends the writers. */
  private final Map<UUID, Runnable> ends = new ConcurrentHashMap<>();

  /** Opens a writer that goes on with a blob. */
  @FunctionalInterface
  public interface Opening {
    /** Opens it. */
    ResumableWriter open() throws IOException;
  }

  /** Adds a writer by what ends it; false if the blob has one. */
  public boolean add(BlobRef blob, Runnable end) {
    return ends.putIfAbsent(blob.id(), end) == null;
  }

  /** Opens a writer and adds it; fails as locked if the blob has one. */
  public ResumableWriter open(BlobRef blob, Opening opening) throws IOException {
    if (!add(blob, OwnWriters::doNothing)) {
      throw locked("The request before still sends data of the upload; try again soon.");
    }
    try {
      var writer = opening.open();
      ends.put(blob.id(), writer::abort);
      return writer;
    } catch (IOException | RuntimeException failure) {
      forget(blob);
      throw failure;
    }
  }

  /** Ends a writer that is not open yet. */
  private static void doNothing() {}

  /** Ends the writer of a blob, if there is one; its abort must keep the data. */
  public void end(BlobRef blob) {
    ends.getOrDefault(blob.id(), OwnWriters::doNothing).run();
  }

  /** Called when a writer ends. */
  public void forget(BlobRef blob) {
    ends.remove(blob.id());
  }
}
