package io.vitrine.store.swift;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.location.BlobRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Joins the segments of a blob: with a static manifest, or with a dynamic one if the server has no
 * static ones or there are too many segments.
 *
 * @param container the container of the segments
 */
record SwiftManifest(SwiftBlobStore store, SwiftClient client, BlobRef blob, String container) {
  private static final int STATIC_SEGMENTS = 1000;

  /**
   * Makes the blob visible, and answers the segments that it consists of then.
   *
   * @param conditions headers of the first attempt, which is the only one if they are not met
   */
  List<Segment> join(List<Segment> segments, Map<String, String> conditions) throws IOException {
    var joined = segments;
    long bytes = segments.stream().mapToLong(Segment::sizeBytes).sum();
    if (segments.isEmpty()) {
      put(Map.of());
    } else if (segments.size() > STATIC_SEGMENTS || !isJoined(segments, bytes, conditions)) {
      joined = joinByName(segments);
    }
    if (size() != bytes) {
      throw new IOException("the object store has joined the segments wrongly");
    }
    return joined;
  }

  /**
   * Whether the static manifest is in effect: a server without the feature stores it as an ordinary
   * object.
   */
  private boolean isJoined(List<Segment> segments, long bytes, Map<String, String> conditions)
      throws IOException {
    var manifest = new JsonArray();
    for (var segment : segments) {
      manifest.add(
          new JsonObject()
              .put("path", "/" + container + "/" + blob.id() + segment.name())
              .put("size_bytes", segment.sizeBytes()));
    }
    var answer =
        client.send(
            "PUT",
            store.object(blob) + "?multipart-manifest=put",
            conditions,
            manifest.encode().getBytes(UTF_8));
    if (answer.statusCode() == 412) {
      throw new IOException("another process has committed the blob");
    }
    return answer.statusCode() / 100 == 2 && size() == bytes;
  }

  /** A dynamic manifest joins all with a prefix, so others need a copy with such a name. */
  private List<Segment> joinByName(List<Segment> segments) throws IOException {
    var named = new ArrayList<Segment>();
    for (var segment : segments) {
      var copy = new Segment(Segment.name(named.size()), segment.sizeBytes());
      if (!segment.equals(copy)) {
        var from = Map.of("X-Copy-From", store.segment(blob, segment.name()));
        var target = store.segment(blob, copy.name());
        SwiftClient.require(client.send("PUT", target, from, new byte[0]), "copy a segment");
      }
      named.add(copy);
    }
    put(Map.of("X-Object-Manifest", container + "/" + blob.id() + "/s"));
    return named;
  }

  private void put(Map<String, String> headers) throws IOException {
    SwiftClient.require(client.send("PUT", store.object(blob), headers, new byte[0]), "commit");
  }

  private long size() throws IOException {
    var answer = client.send("HEAD", store.object(blob));
    SwiftClient.require(answer, "look at what was committed");
    return answer.headers().firstValueAsLong("Content-Length").orElse(-1);
  }
}
