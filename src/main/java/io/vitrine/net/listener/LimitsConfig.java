package io.vitrine.net.listener;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Section;
import java.time.Duration;

/**
 * Limits on clients of the API: time, memory, connections, uploads and event streams. For
 * connections and uploads, 0 means unlimited.
 */
public record LimitsConfig(
    Duration idleTimeout,
    Duration headerTimeout,
    ByteSize maxHeaderSize,
    ByteSize maxJsonBody,
    ByteSize maxAnswerMemory,
    int maxRequestIdLength,
    int maxConnections,
    int maxUploadsPerClient,
    int maxEventStreams,
    int maxEventStreamsPerClient) {

  /** Reads these keys among those of a section. */
  public static LimitsConfig from(Section section) {
    return new LimitsConfig(
        section.duration("idle_timeout", "1s", "1h"),
        section.duration("header_timeout", "1s", "1h"),
        section.size("max_header_size", "1KiB", "1MiB"),
        section.size("max_json_body", "1KiB", "64MiB"),
        section.size("max_answer_memory", "0", "1TiB"),
        section.integer("max_request_id_length", 16, 1024),
        section.integer("max_connections", 0, 10_000_000),
        section.integer("max_uploads_per_client", 0, 1_000_000),
        section.integer("max_event_streams", 0, 100_000),
        section.integer("max_event_streams_per_client", 0, 100_000));
  }
}
