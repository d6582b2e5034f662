package io.vitrine.api.events;

import io.vitrine.catalog.events.ImageChanges.Change;
import io.vitrine.catalog.events.UploadProgress;
import io.vitrine.image.ImageId;
import io.vitrine.image.task.TaskView;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a look at the catalog has for a stream of a list.
 *
 * @param now when the look was, by the database's clock
 * @param changed the images that have changed, the oldest change first
 * @param images all images that are spoken of
 */
record News(
    Instant now,
    Kind kind,
    List<ImageId> changed,
    List<TaskView> tasks,
    List<UploadProgress> uploads,
    Map<ImageId, Change> images) {

  /** Copies the collections. */
  News {
    changed = List.copyOf(changed);
    tasks = List.copyOf(tasks);
    uploads = List.copyOf(uploads);
    images = Map.copyOf(images);
  }

  /** How news follows on what the stream was told before. */
  enum Kind {
    /** The first that a client hears. */
    START,
    /** What has happened since the look before. */
    LIVE,
    /** What has happened since the client heard something last. */
    CAUGHT_UP,
    /** More has happened than is told; the client has to ask for the list. */
    RESET
  }
}
