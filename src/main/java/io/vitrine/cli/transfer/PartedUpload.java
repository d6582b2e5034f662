package io.vitrine.cli.transfer;

import io.vitrine.cli.command.CommandException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;

/**
 * Sends the pieces of a file at the same time, each to an upload of its own, and has the service
 * join them.
 */
record PartedUpload(PieceSender sender, List<FilePiece> pieces) {
  /** Copies the list. */
  PartedUpload {
    pieces = List.copyOf(pieces);
  }

  /**
   * Begins the uploads that an earlier command has not begun, and notes each; empty if the service,
   * or the store, cannot join parts.
   */
  Optional<UploadState.Place> begin(UploadState.Place place)
      throws IOException, InterruptedException {
    var image = place.image();
    if (place.uploads().isEmpty() && !sender.tus().joinsParts(image)) {
      return Optional.empty();
    }
    var uploads = new ArrayList<>(place.uploads());
    for (var piece : pieces.subList(uploads.size(), pieces.size())) {
      var upload = sender.tus().beginPart(image, piece.bytes());
      if (upload.isEmpty()) {
        sender.tus().end(uploads);
        return Optional.empty();
      }
      uploads.add(upload.get());
      sender.state().write(place.with(uploads));
    }
    return Optional.of(place.with(uploads));
  }

  /** Sends all pieces, and returns when their data is that of the image. */
  void run(UploadState.Place place) throws IOException, InterruptedException {
    try {
      sendAll(place);
      join(place);
    } catch (CommandException failure) {
      // Without the state, no command goes on with the parts.
      if (sender.state().read().isEmpty()) {
        sender.tus().end(place.uploads());
      }
      throw failure;
    }
  }

  /** The first that fails stops the others. */
  private void sendAll(UploadState.Place place) throws IOException, InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sending = new ExecutorCompletionService<FilePiece>(threads);
      try {
        for (int i = 0; i < pieces.size(); i++) {
          var _ = sending.submit(sending(place.image(), place.uploads().get(i), pieces.get(i)));
        }
        for (int i = 0; i < pieces.size(); i++) {
          sending.take().get();
        }
      } catch (ExecutionException failed) {
        throw reason(failed);
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private Callable<FilePiece> sending(String image, String upload, FilePiece piece) {
    return () -> {
      sender.send(image, upload, piece);
      return piece;
    };
  }

  private static IOException reason(ExecutionException failed) throws InterruptedException {
    return switch (failed.getCause()) {
      case IOException broken -> broken;
      case RuntimeException expected -> throw expected;
      case InterruptedException stopped -> throw stopped;
      case null, default -> new IOException(failed);
    };
  }

  /** A request whose answer gets lost, or that finds the service at it, is repeated. */
  private void join(UploadState.Place place) throws IOException, InterruptedException {
    var left = sender.patience().anew();
    while (!sender.server().isActive(place.image())) {
      var failure = attempt(place);
      if (failure.isPresent()) {
        left.pause(failure.get());
      }
    }
  }

  private Optional<IOException> attempt(UploadState.Place place) throws InterruptedException {
    try {
      var answer = sender.tus().join(place.image(), place.uploads());
      return sender.failure(place.image(), answer, 201);
    } catch (IOException broken) {
      return Optional.of(broken);
    }
  }
}
