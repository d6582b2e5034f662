package io.vitrine.api.request;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Successful answers. JSON is compressed here rather than by the server, which would interfere with
 * image data.
 */
public final class Responses {
  private static final Pattern GZIP =
      Pattern.compile("(?i)(?<![-\\w])(?:gzip|\\*)(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$))(?![-\\w])");

  /** The weight of some fifty images, which take a few milliseconds to write. */
  private static final int MOST_ON_EVENT_LOOP = 2000;

  /** What a member of an image takes on the average, rounded up. */
  private static final int BYTES_OF_VALUE = 32;

  private Responses() {}

  /** Answers with a JSON object. */
  public static void json(RoutingContext context, int status, JsonObject body) {
    document(context, status, body);
  }

  /** Answers with a JSON array. */
  public static void json(RoutingContext context, int status, JsonArray body) {
    document(context, status, body);
  }

  /** Answers {@code null} with 200, as Glance does where it has no result. */
  public static void jsonNull(RoutingContext context) {
    json(context, 200, Buffer.buffer("null"));
  }

  /** Writes and compresses a large document off the event loop. */
  private static void document(RoutingContext context, int status, Object body) {
    int cost = JsonCost.of(body, MOST_ON_EVENT_LOOP);
    int expected = cost * BYTES_OF_VALUE;
    if (cost <= MOST_ON_EVENT_LOOP) {
      json(context, status, JsonBytes.of(body, expected));
      return;
    }
    boolean isGzip = takesGzip(context);
    var vertx = context.vertx();
    vertx
        .executeBlocking(() -> JsonBytes.of(body, expected), false)
        .onSuccess(
            written -> {
              if (hasRoom(context, written)) {
                vertx
                    .executeBlocking(() -> isGzip ? compressed(written) : written, false)
                    .onSuccess(data -> send(context, status, data))
                    .onFailure(context::fail);
              }
            })
        .onFailure(context::fail);
  }

  private static void json(RoutingContext context, int status, Buffer document) {
    if (hasRoom(context, document)) {
      send(context, status, takesGzip(context) ? compressed(document) : document);
    }
  }

  private static boolean hasRoom(RoutingContext context, Buffer document) {
    return !context.response().closed() && RoomGate.resize(context, document.length());
  }

  /** Sends a document with back pressure and returns its room at the end. */
  private static void send(RoutingContext context, int status, Buffer data) {
    if (context.response().closed()) {
      return;
    }
    if (takesGzip(context)) {
      context.response().putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=UTF-8")
        .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(data.length()));
    Outflow.of(context).send(data);
  }

  /** Answers 200 with bytes in memory that many requests share, or with their compressed form. */
  public static void shared(RoutingContext context, Buffer plain, Buffer gzip) {
    var data = takesGzip(context) ? gzip : plain;
    if (takesGzip(context)) {
      context.response().putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    context
        .response()
        .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
        .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(data.length()))
        .end(data);
  }

  private static boolean takesGzip(RoutingContext context) {
    return Requests.header(context, HttpHeaders.ACCEPT_ENCODING.toString())
        .filter(accepted -> GZIP.matcher(accepted).find())
        .isPresent();
  }

  private static Buffer compressed(Buffer data) {
    var bytes = new ByteArrayOutputStream(data.length() / 4);
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(data.getBytes());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** Answers with a short text of any media type. */
  public static void text(RoutingContext context, int status, String type, String body) {
    context.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type).end(body);
  }

  /** Answers with a status and no body. */
  public static void empty(RoutingContext context, int status) {
    context.response().setStatusCode(status).end();
  }
}
