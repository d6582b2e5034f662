package io.vitrine.cli.transfer;

import io.vitrine.cli.command.CommandException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Optional;

/** Sends pieces of a file to uploads, and goes on wherever that breaks off. */
record PieceSender(ImageServer server, Patience patience, UploadState state) {
  TusRequests tus() {
    return new TusRequests(server);
  }

  /** Sends what an upload for an image lacks of a piece. */
  void send(String image, String upload, FilePiece piece) throws IOException, InterruptedException {
    var left = patience.anew();
    long offset = offset(image, upload, piece);
    while (offset < piece.bytes()) {
      var failure = attempt(image, upload, piece, offset);
      long now = offset(image, upload, piece);
      if (now > offset) {
        left.renew();
      }
      if (now < piece.bytes() && failure.isPresent()) {
        left.pause(failure.get());
      }
      offset = now;
    }
  }

  private Optional<IOException> attempt(String image, String upload, FilePiece piece, long offset)
      throws InterruptedException {
    try {
      var answer = tus().send(upload, offset, piece.after(offset), piece::sent);
      return failure(image, answer, 204);
    } catch (IOException broken) {
      return Optional.of(broken);
    }
  }

  /** How much of the piece is durable. */
  private long offset(String image, String upload, FilePiece piece)
      throws IOException, InterruptedException {
    var known = tus().offset(upload);
    if (known.isEmpty() && !server.isActive(image)) {
      state.forget();
      throw new CommandException(
          "The upload of the image %s has expired or was ended; start again.".formatted(image));
    }
    long offset = known.orElse(piece.bytes());
    piece.reach(offset);
    return offset;
  }

  /**
   * Why to try again; empty if the answer is the expected one. If trying is of no use, this forgets
   * the state and fails.
   */
  Optional<IOException> failure(String image, HttpResponse<String> answer, int expected)
      throws IOException, InterruptedException {
    int status = answer.statusCode();
    if (status == expected) {
      return Optional.empty();
    }
    if (status == 401) {
      server.renew();
    } else if (!ImageServer.isPassing(status) && status != 409 && status != 404 && status != 410) {
      state.forget();
      ImageServer.require(answer, expected, "The data of the image %s is refused".formatted(image));
    }
    return Optional.of(new IOException("the service answers " + status));
  }
}
