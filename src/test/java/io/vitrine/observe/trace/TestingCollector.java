package io.vitrine.observe.trace;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** A collector that takes OTLP over HTTP, and remembers. */
final class TestingCollector implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final List<Told> spans = new CopyOnWriteArrayList<>();
  private final List<Map<String, String>> headers = new CopyOnWriteArrayList<>();

  /** A span, and of its resource the name of the node. */
  record Told(
      String node,
      String name,
      String trace,
      String id,
      String parent,
      Span.SpanKind kind,
      Map<String, String> attributes,
      boolean isFailed) {
    /** Copies the map. */
    Told {
      attributes = Map.copyOf(attributes);
    }
  }

  private TestingCollector() throws TimeoutException {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::take)
            .listen(0, "127.0.0.1")
            .await(10, SECONDS);
  }

  static TestingCollector start() throws TimeoutException {
    return new TestingCollector();
  }

  /** Where traces are taken. */
  String endpoint() {
    return "http://127.0.0.1:" + server.actualPort() + "/v1/traces";
  }

  /** All that came, in the order in which it ended. */
  List<Told> spans() {
    return List.copyOf(spans);
  }

  /** The spans of one trace. */
  List<Told> trace(String id) {
    return spans.stream().filter(span -> span.trace().equals(id)).toList();
  }

  /** The headers of the requests. */
  List<Map<String, String>> headers() {
    return List.copyOf(headers);
  }

  private void take(HttpServerRequest request) {
    headers.add(
        request.headers().entries().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    request
        .body()
        .map(body -> ByteString.copyFrom(body.getBytes()))
        .map(TestingCollector::parse)
        .onSuccess(
            told -> {
              told.getResourceSpansList()
                  .forEach(
                      resource -> {
                        var node =
                            toMap(resource.getResource().getAttributesList())
                                .getOrDefault("service.instance.id", "");
                        resource
                            .getScopeSpansList()
                            .forEach(
                                scope ->
                                    scope
                                        .getSpansList()
                                        .forEach(span -> spans.add(toTold(node, span))));
                      });
              request.response().end();
            })
        .onFailure(malformed -> request.response().setStatusCode(400).end());
  }

  private static ExportTraceServiceRequest parse(ByteString bytes) {
    try {
      return ExportTraceServiceRequest.parseFrom(bytes);
    } catch (InvalidProtocolBufferException malformed) {
      throw new IllegalArgumentException(malformed);
    }
  }

  private static Told toTold(String node, Span span) {
    return new Told(
        node,
        span.getName(),
        hex(span.getTraceId()),
        hex(span.getSpanId()),
        hex(span.getParentSpanId()),
        span.getKind(),
        toMap(span.getAttributesList()),
        span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR);
  }

  private static Map<String, String> toMap(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(Collectors.toMap(KeyValue::getKey, each -> text(each.getValue())));
  }

  private static String text(AnyValue value) {
    return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  @Override
  public void close() throws TimeoutException {
    vertx.close().await(10, SECONDS);
  }
}
