package io.vitrine.store.swift;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Streams segments one after the other. A commit joins them with a static manifest, or with a
 * dynamic one if the server has no static ones or there are too many segments.
 *
 * <p>Synchronised, because the blob may be deleted meanwhile.
 */
final class SwiftBlobWriter implements BlobWriter {
  private static final int STATIC_SEGMENTS = 1000;

  private final SwiftBlobStore store;
  private final SwiftClient client;
  private final BlobRef blob;
  private final SwiftConfig config;
  private final JsonArray segments = new JsonArray();
  private @Nullable SegmentUpload upload;
  private long writtenBytes;
  private boolean isOpen = true;

  SwiftBlobWriter(SwiftBlobStore store, SwiftClient client, BlobRef blob, SwiftConfig config) {
    this.store = store;
    this.client = client;
    this.blob = blob;
    this.config = config;
  }

  @Override
  public synchronized void write(ByteBuffer... data) throws IOException {
    requireOpen();
    for (var piece : data) {
      while (piece.hasRemaining()) {
        var current = upload();
        current.write(piece, config.segmentSize().bytes());
        if (current.sizeBytes() == config.segmentSize().bytes()) {
          endSegment();
        }
      }
    }
  }

  private void requireOpen() throws IOException {
    if (!isOpen) {
      throw new IOException("the blob was committed, aborted or deleted");
    }
  }

  private SegmentUpload upload() throws IOException {
    if (upload == null) {
      upload =
          new SegmentUpload(
              client, store.segment(blob, name(segments.size())), config.requestTimeout());
    }
    return upload;
  }

  private static String name(int number) {
    return "/s%08d".formatted(number);
  }

  private void endSegment() throws IOException {
    if (upload != null) {
      var ending = upload;
      upload = null;
      ending.end();
      segments.add(
          new JsonObject()
              .put("path", "/" + config.segments() + "/" + blob.id() + name(segments.size()))
              .put("size_bytes", ending.sizeBytes()));
      writtenBytes += ending.sizeBytes();
    }
  }

  @Override
  public synchronized void commit() throws IOException {
    requireOpen();
    try {
      endSegment();
      if (segments.isEmpty()) {
        put("", Map.of(), new byte[0]);
      } else if (segments.size() > STATIC_SEGMENTS || !isJoined()) {
        put(
            "",
            Map.of("X-Object-Manifest", config.segments() + "/" + blob.id() + "/s"),
            new byte[0]);
      }
      if (size() != writtenBytes) {
        throw new IOException("the object store has joined the segments wrongly");
      }
      release();
    } catch (IOException failure) {
      abort();
      throw failure;
    }
  }

  /**
   * Whether the static manifest is in effect: a server without the feature stores it as an ordinary
   * object.
   */
  private boolean isJoined() throws IOException {
    var manifest = segments.encode().getBytes(UTF_8);
    var answer =
        client.send("PUT", store.object(blob) + "?multipart-manifest=put", Map.of(), manifest);
    return answer.statusCode() / 100 == 2 && size() == writtenBytes;
  }

  private void put(String query, Map<String, String> headers, byte[] body) throws IOException {
    SwiftClient.require(client.send("PUT", store.object(blob) + query, headers, body), "commit");
  }

  private long size() throws IOException {
    var answer = client.send("HEAD", store.object(blob));
    SwiftClient.require(answer, "look at what was committed");
    return answer.headers().firstValueAsLong("Content-Length").orElse(-1);
  }

  @Override
  public synchronized void abort() {
    release();
    store.giveUp(blob);
  }

  /** Aborts the upload in progress. */
  synchronized void release() {
    if (isOpen) {
      isOpen = false;
      store.forget(blob);
      if (upload != null) {
        upload.cancel();
        upload = null;
      }
    }
  }
}
