package io.vitrine.api.filter;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Outflow;
import io.vitrine.api.request.RequestBody;
import io.vitrine.api.request.Requests;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.catalog.sql.CatalogFault;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.bus.ProblemCodec;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where failures become answers. The body has Glance's form: plain text, JSON, or
 * HTML, from which clients parse the sentence after the heading.
 */
public final class ProblemHandler implements Handler<RoutingContext> {
  private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

  /** The Retry-After of a failure that suggests no time of its own. */
  private static final String RETRY_SECONDS = "5";

  /** A detail may quote client input, which may be long. */
  private static final int MAX_DETAIL = 4096;

  private final Optional<String> challenge;

  /**
   * Creates the handler.
   *
   * @param challenge the WWW-Authenticate field of 401 answers
   */
  public ProblemHandler(Optional<String> challenge) {
    this.challenge = challenge;
  }

  @Override
  public void handle(RoutingContext context) {
    explain(context);
    if (context.get(Endpoints.BODY) instanceof RequestBody body) {
      body.discard();
    }
  }

  private void explain(RoutingContext context) {
    var failure = context.failure();
    if (failure == null) {
      answer(context, context.statusCode(), detail(context.statusCode()));
      return;
    }
    var cause = ProblemCodec.unwrap(failure);
    if (cause instanceof ProblemException expected) {
      if (expected.problem() instanceof Problem.OutOfRange range) {
        context.response().putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + range.sizeBytes());
      }
      answer(context, status(expected.problem()), expected.problem().detail());
    } else if (context.statusCode() >= 400 && context.statusCode() < 500) {
      answer(context, context.statusCode(), detail(context.statusCode()));
    } else if (context.get(Endpoints.IS_READING) != null) {
      answer(context, 400, "The request body is malformed or incomplete.");
    } else if (CatalogFailures.fault(cause).isPresent()) {
      wait(context, cause, CatalogFailures.fault(cause).get());
    } else {
      log.atError()
          .addKeyValue("request_id", Requests.requestId(context))
          .setCause(failure)
          .log("The request failed");
      answer(
          context,
          500,
          "The server has either erred or is incapable of performing the requested operation.");
    }
  }

  /** Answers 503; the database watch logs the fault once, so a request adds only a debug line. */
  private void wait(RoutingContext context, Throwable failure, CatalogFault fault) {
    log.atDebug()
        .addKeyValue("request_id", Requests.requestId(context))
        .addKeyValue("error", failure)
        .log("The request cannot use the database");
    context.response().putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(fault.retrySeconds()));
    answer(
        context,
        503,
        fault == CatalogFault.BUSY
            ? "The service is too busy; try again later."
            : "The service cannot reach its database; try again later.");
  }

  /** The HTTP status of a problem, as the Image API defines it. */
  static int status(Problem problem) {
    return switch (problem) {
      case Problem.Invalid it -> 400;
      case Problem.Interrupted it -> 400;
      case Problem.Unauthenticated it -> 401;
      case Problem.Forbidden it -> 403;
      case Problem.NotFound it -> 404;
      case Problem.Stalled it -> 408;
      case Problem.Missing it -> 404;
      case Problem.Conflict it -> 409;
      case Problem.Damaged it -> 409;
      case Problem.Gone it -> 410;
      case Problem.TooLarge it -> 413;
      case Problem.Full it -> 413;
      case Problem.UnsupportedContent it -> 415;
      case Problem.OutOfRange it -> 416;
      case Problem.Locked it -> 423;
      case Problem.ChecksumMismatch it -> 460;
      case Problem.NotOffered it -> 501;
      case Problem.Unavailable it -> 503;
      case Problem.Unreachable it -> 503;
    };
  }

  private static String detail(int status) {
    return switch (status) {
      case 404 -> "The resource could not be found.";
      case 405 -> "The method is not allowed for this resource.";
      case 408 -> "Timed out waiting for the request body.";
      case 429 -> "There are too many such requests from this address; try again later.";
      case 501 -> "Unknown method.";
      case 412 -> "Tus-Resumable must be 1.0.0.";
      case 413 -> "The request body is too large.";
      case 431 -> "The request id in X-Openstack-Request-Id is too long.";
      default -> "The request could not be understood.";
    };
  }

  private void answer(RoutingContext context, int status, String whole) {
    var detail = whole.length() > MAX_DETAIL ? whole.substring(0, MAX_DETAIL) + "…" : whole;
    var response = context.response();
    if (response.headWritten() || response.closed()) {
      cut(context.request());
      return;
    }
    response.headers().remove(HttpHeaders.CONTENT_LENGTH);
    var title = status + " " + title(status);
    response.setStatusCode(status);
    if (status == 408) {
      // The rest of the body must not be parsed as a request.
      context.addEndHandler(sent -> cut(context.request()));
    }
    if (status == 503 && !response.headers().contains(HttpHeaders.RETRY_AFTER)) {
      response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    }
    if (status == 401) {
      challenge.ifPresent(text -> response.putHeader("WWW-Authenticate", text));
    }
    switch (ErrorFormat.of(context)) {
      case PLAIN -> end(context, "text/plain", "%s\n\n%s\n\n".formatted(title, detail));
      case JSON -> end(context, "application/json", json(status, title, detail));
      case HTML -> end(context, "text/html", html(title, detail));
    }
  }

  private static String json(int status, String title, String detail) {
    return new JsonObject()
        .put("message", detail + "<br /><br />\n\n\n")
        .put("code", title)
        .put("title", title(status))
        .encode();
  }

  /**
   * Resets the stream, or closes the connection over HTTP/1.1, when no valid answer is possible.
   */
  private static void cut(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset();
    } else {
      request.connection().close();
    }
  }

  private static void end(RoutingContext context, String type, String body) {
    var data = Buffer.buffer(body);
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, type + "; charset=UTF-8")
        .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(data.length()));
    Outflow.of(context).send(data);
  }

  private static String html(String title, String detail) {
    var text = detail.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return """
    <html>
     <head>
      <title>%s</title>
     </head>
     <body>
      <h1>%s</h1>
      %s<br /><br />



     </body>
    </html>
    """
        .formatted(title, title, text);
  }

  /** The reason phrases of Glance's framework. */
  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 413 -> "Request Entity Too Large";
      case 415 -> "Unsupported Media Type";
      case 412 -> "Precondition Failed";
      case 416 -> "Requested Range Not Satisfiable";
      case 423 -> "Locked";
      case 429 -> "Too Many Requests";
      case 460 -> "Checksum Mismatch";
      case 431 -> "Request Header Fields Too Large";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      default -> "Internal Server Error";
    };
  }
}
