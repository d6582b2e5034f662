package io.vitrine.catalog.blobs;

import io.vertx.core.Future;
import io.vitrine.catalog.blobs.BlobJournal.Begun;
import io.vitrine.catalog.tickets.TicketJournal;
import java.util.UUID;

/** Ends uploads by tickets: what makes the image active also uses the ticket up. */
public record TicketUploads(BlobJournal blobs) {
  /**
   * Makes the data that of the image. Fails as gone, without any effect, if the ticket was revoked
   * or used meanwhile, or the image is gone.
   */
  public Future<Void> commit(UUID ticket, Begun begun, UploadEndings.Complete complete) {
    var content =
        new BlobCommits.Content(
            complete.size(), complete.digests().orElseThrow(), complete.virtualSize());
    return blobs.storing(
        begun.blob(),
        connection ->
            TicketJournal.useUp(connection, ticket)
                .compose(used -> blobs.commits().activate(connection, begun, content)));
  }
}
