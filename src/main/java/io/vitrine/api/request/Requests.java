package io.vitrine.api.request;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.catalog.tasks.Cause;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.proxy.Origin;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What handlers read from a request. */
public final class Requests {
  public static final String CALLER = "caller";
  public static final String REQUEST_ID = "requestId";
  public static final String ORIGIN = "origin";

  private Requests() {}

  public static Caller caller(RoutingContext context) {
    return Objects.requireNonNull(context.<Caller>get(CALLER));
  }

  public static String requestId(RoutingContext context) {
    return Objects.requireNonNull(context.<String>get(REQUEST_ID));
  }

  /** What tasks tell of the request that they come from. */
  public static Cause cause(RoutingContext context) {
    return new Cause(requestId(context), RequestTrace.span(context).traceparent());
  }

  /** What a Content-Type header names, without its parameters; empty if there is none. */
  public static String mediaType(@Nullable String contentType) {
    return contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** What links to this service begin with. */
  static String base(RoutingContext context) {
    return Objects.requireNonNull(context.<Origin>get(ORIGIN)).base();
  }

  /** The address of the client, as far as it is known. */
  public static String client(RoutingContext context) {
    return context.get(ORIGIN) instanceof Origin origin ? origin.client() : peer(context.request());
  }

  /** Whose share of what there is a request takes: a project's, or an address' if none is known. */
  public static String share(RoutingContext context, Caller caller) {
    boolean isKnown = caller.user() != null && caller.project() != null;
    return isKnown ? "project " + caller.project() : "address " + client(context);
  }

  /** The address of the other end of the connection; empty if it has none. */
  public static String peer(HttpServerRequest request) {
    var address = request.remoteAddress();
    return address == null
        ? ""
        : Objects.requireNonNullElse(
            address.hostAddress(), Objects.requireNonNullElse(address.host(), ""));
  }

  public static ImageId imageId(RoutingContext context) {
    var text = Objects.requireNonNullElse(context.pathParam("image"), "");
    return ImageId.parse(text)
        .orElseThrow(
            () ->
                new ProblemException(
                    new Problem.NotFound("No image found with ID %s".formatted(text))));
  }

  public static Optional<String> header(RoutingContext context, String name) {
    return Optional.ofNullable(context.request().getHeader(name));
  }

  /** What the caller proves its identity with, if it does. */
  public static Optional<String> token(RoutingContext context) {
    return header(context, "X-Auth-Token");
  }

  public static JsonObject object(RoutingContext context) {
    if (json(context) instanceof JsonObject object) {
      return object;
    }
    throw invalid("The body must be a JSON object.");
  }

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

  /** The text, as PostgreSQL can hold it and Glance would. */
  public static String plain(String key, String text) {
    if (text.chars().anyMatch(c -> c == 0 || Character.isSurrogate((char) c))) {
      throw invalid(
          "%s must not contain NUL or characters that take four bytes in UTF-8.".formatted(key));
    }
    return text;
  }

  /** A member of a body that is true or false. */
  public static boolean flag(JsonObject body, String key, boolean otherwise) {
    return switch (body.getValue(key, otherwise)) {
      case Boolean flag -> flag;
      case null, default -> throw invalid("%s must be true or false.".formatted(key));
    };
  }

  public static boolean hasBody(RoutingContext context) {
    var headers = context.request().headers();
    var length = headers.get("Content-Length");
    return headers.contains("Transfer-Encoding") || (length != null && !length.strip().equals("0"));
  }

  /** The path of the request, never null. */
  public static String path(RoutingContext context) {
    return Objects.requireNonNullElse(context.request().path(), "");
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(new Problem.Invalid(detail));
  }
}
