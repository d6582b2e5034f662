package io.vitrine.observe.trace;

import io.vertx.core.Context;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Traces Vert.x's HTTP requests, without their queries, and messages that expect a reply. Image
 * data travels in messages that do not, by the thousands.
 */
final class SelectiveTracer<I, O> implements VertxTracer<I, O> {
  private static final String PROBE = "/healthcheck";

  private final VertxTracer<I, O> tracer;
  private final boolean followsCallers;

  /**
   * Wraps a tracer.
   *
   * @param followsCallers whether to continue the traces of HTTP clients
   */
  SelectiveTracer(VertxTracer<I, O> tracer, boolean followsCallers) {
    this.tracer = tracer;
    this.followsCallers = followsCallers;
  }

  @Override
  public <R> @Nullable I receiveRequest(
      Context context,
      SpanKind kind,
      TracingPolicy policy,
      R request,
      String operation,
      Iterable<Map.Entry<String, String>> headers,
      TagExtractor<R> tagExtractor) {
    return switch (request) {
      case Message<?> message ->
          isAnswered(message)
              ? tracer.receiveRequest(
                  context, kind, policy, request, name(message), headers, tagExtractor)
              : null;
      case HttpServerRequest http when PROBE.equals(http.path()) -> null;
      case HttpServerRequest http ->
          tracer.receiveRequest(
              context,
              kind,
              policy,
              http,
              operation,
              followsCallers ? headers : List.of(),
              RequestTags.ALL);
      default -> null;
    };
  }

  /** Adds no tags to HTTP responses: the code that knows the route adds the status, as a number. */
  @Override
  public <R> void sendResponse(
      Context context,
      @Nullable R response,
      @Nullable I payload,
      @Nullable Throwable failure,
      TagExtractor<R> tagExtractor) {
    if (payload != null) {
      tracer.sendResponse(
          context,
          response,
          payload,
          failure,
          response instanceof HttpServerResponse ? TagExtractor.empty() : tagExtractor);
    }
  }

  @Override
  public <R> @Nullable O sendRequest(
      Context context,
      SpanKind kind,
      TracingPolicy policy,
      R request,
      String operation,
      BiConsumer<String, String> headers,
      TagExtractor<R> tagExtractor) {
    if (request instanceof Message<?> message) {
      return isAnswered(message)
          ? tracer.sendRequest(context, kind, policy, request, name(message), headers, tagExtractor)
          : null;
    }
    return tracer.sendRequest(
        context, kind, policy, request, operation, headers, new WithoutQuery<>(tagExtractor));
  }

  @Override
  public <R> void receiveResponse(
      Context context,
      @Nullable R response,
      @Nullable O payload,
      @Nullable Throwable failure,
      TagExtractor<R> tagExtractor) {
    if (payload != null) {
      tracer.receiveResponse(context, response, payload, failure, tagExtractor);
    }
  }

  private static boolean isAnswered(Message<?> message) {
    return message.replyAddress() != null;
  }

  /** Such as WriteRequest; there are too many addresses. */
  private static String name(Message<?> message) {
    var body = message.body();
    return body == null ? "message" : body.getClass().getSimpleName();
  }

  @Override
  public void close() {
    tracer.close();
  }
}
