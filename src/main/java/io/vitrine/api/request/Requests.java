package io.vitrine.api.request;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.catalog.tasks.TaskOrigin;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.net.proxy.Origin;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what handlers need from a request. */
public final class Requests {
  /** The key of the authenticated {@link Caller} in the routing context. */
  public static final String CALLER = "caller";

  /** The key of the request id in the routing context. */
  public static final String REQUEST_ID = "requestId";

  /** The key of the {@link Origin} in the routing context. */
  public static final String ORIGIN = "origin";

  private Requests() {}

  /** The authenticated caller; only for routes behind authentication. */
  public static Caller caller(RoutingContext context) {
    return Objects.requireNonNull(context.<Caller>get(CALLER));
  }

  /** The request id that the answer carries, the client's or a new one. */
  public static String requestId(RoutingContext context) {
    return Objects.requireNonNull(context.<String>get(REQUEST_ID));
  }

  /** The request id and trace that a task keeps of its request. */
  public static TaskOrigin taskOrigin(RoutingContext context) {
    return new TaskOrigin(requestId(context), RequestTrace.span(context).traceparent());
  }

  /** The media type of a Content-Type value, in lower case without parameters; empty if absent. */
  public static String mediaType(@Nullable String contentType) {
    return contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** The base URL of links to this service. */
  static String base(RoutingContext context) {
    return Objects.requireNonNull(context.<Origin>get(ORIGIN)).base();
  }

  /** The client's address: the one that trusted proxies report, else the peer's. */
  public static String client(RoutingContext context) {
    return context.get(ORIGIN) instanceof Origin origin ? origin.client() : peer(context.request());
  }

  /**
   * The key of the fair share that a request uses: its project, or the client's address if unknown.
   */
  public static String share(RoutingContext context, Caller caller) {
    boolean isKnown = caller.user() != null && caller.project() != null;
    return isKnown ? "project " + caller.project() : "address " + client(context);
  }

  /** The address of the connection's peer; empty if it has none. */
  public static String peer(HttpServerRequest request) {
    var address = request.remoteAddress();
    return address == null
        ? ""
        : Objects.requireNonNullElse(
            address.hostAddress(), Objects.requireNonNullElse(address.host(), ""));
  }

  /** The image id in the path; fails as not found if it is no UUID, as no image can have it. */
  public static ImageId imageId(RoutingContext context) {
    var text = Objects.requireNonNullElse(context.pathParam("image"), "");
    return ImageId.parse(text)
        .orElseThrow(() -> notFound("No image found with ID %s".formatted(text)));
  }

  /** A header field of the request; the first one if it is repeated. */
  public static Optional<String> header(RoutingContext context, String name) {
    return Optional.ofNullable(context.request().getHeader(name));
  }

  /** The caller's token, if it sent one. */
  public static Optional<String> token(RoutingContext context) {
    return header(context, "X-Auth-Token");
  }

  /** The body; fails as invalid unless it is a JSON object. */
  public static JsonObject object(RoutingContext context) {
    if (json(context) instanceof JsonObject object) {
      return object;
    }
    throw invalid("The body must be a JSON object.");
  }

  /** The body; fails as invalid unless it is a JSON array. */
  public static JsonArray array(RoutingContext context) {
    if (json(context) instanceof JsonArray array) {
      return array;
    }
    throw invalid("The body must be a JSON array.");
  }

  private static Object json(RoutingContext context) {
    var body = context.body().buffer();
    if (body == null || body.length() == 0) {
      throw invalid("The request needs a JSON body.");
    }
    return JsonText.decode(body);
  }

  /**
   * Checks that PostgreSQL and Glance's MySQL can store the text: no NUL, only the Basic
   * Multilingual Plane.
   */
  public static String plain(String key, String text) {
    if (text.chars().anyMatch(c -> c == 0 || Character.isSurrogate((char) c))) {
      throw invalid(
          "%s must not contain NUL or characters that take four bytes in UTF-8.".formatted(key));
    }
    return text;
  }

  /** A boolean member of a body; {@code otherwise} if absent. */
  public static boolean flag(JsonObject body, String key, boolean otherwise) {
    return switch (body.getValue(key, otherwise)) {
      case Boolean flag -> flag;
      case null, default -> throw invalid("%s must be true or false.".formatted(key));
    };
  }

  /**
   * Whether the header announces a body (RFC 9112, section 6); {@code Content-Length: 0} is none.
   */
  public static boolean hasBody(RoutingContext context) {
    var headers = context.request().headers();
    var length = headers.get("Content-Length");
    return headers.contains("Transfer-Encoding") || (length != null && !length.strip().equals("0"));
  }

  /**
   * Whether a body may follow. HTTP/2 marks where it ends, so that the header need not announce it
   * (RFC 9113, section 8.1).
   */
  public static boolean mayHaveBody(RoutingContext context) {
    var request = context.request();
    boolean isUntold =
        request.version() == HttpVersion.HTTP_2 && !request.headers().contains("Content-Length");
    return isUntold || hasBody(context);
  }

  /** The path; empty if the target has none, never null. */
  public static String path(RoutingContext context) {
    return Objects.requireNonNullElse(context.request().path(), "");
  }
}
