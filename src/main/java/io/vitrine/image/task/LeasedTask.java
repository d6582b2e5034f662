package io.vitrine.image.task;

import io.vitrine.image.Image;
import io.vitrine.image.location.BlobRef;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A task that a worker has leased, without the changes since. */
public sealed interface LeasedTask permits ImportTask, LocationTask {
  /** What all tasks have. */
  TaskHead head();

  /** Its kind of work, in logs and traces. */
  String name();

  /** Where the image's data already is. */
  List<BlobRef> copies();

  /** The resource that its next stage needs most. */
  Workload workload();

  /** The task's id. */
  default UUID id() {
    return head().id();
  }

  /** The image that it works on. */
  default Image image() {
    return head().image();
  }

  /** The project that it belongs to. */
  default String project() {
    return head().project();
  }

  /** Counts from 1. */
  default int attempt() {
    return head().attempt();
  }

  /** The worker's lease. */
  default TaskLease lease() {
    return head().lease();
  }

  /** The request's trace, as in W3C Trace Context. */
  default Optional<String> traceparent() {
    return head().traceparent();
  }
}
