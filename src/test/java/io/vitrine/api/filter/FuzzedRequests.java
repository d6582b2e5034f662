package io.vitrine.api.filter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Requests for every operation of the OpenAPI document, more or less wrong. */
public final class FuzzedRequests {
  private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)}");
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW");
  private static final List<String> TYPES =
      List.of("application/json", "text/plain", "application/octet-stream", "a", "", "*/*; =;");
  private static final List<String> RAW =
      List.of("%", "%zz", "%ff%fe", "%00", "\u00ff", "%2F", ";");
  private static final List<String> HEADERS =
      List.of(
          "Range: bytes=9999999999999999999999-",
          "Range: bytes=-",
          "Range: bytes=0-0,1-1",
          "Content-Range: bytes 5-1/*",
          "Accept: application/json",
          "Accept: application/vnd.openstack.images-v2.3",
          "Accept: ;;;q=,",
          "Accept-Encoding: gzip;q=\u00ff",
          "If-None-Match: \"",
          "If-Range: ,,",
          "X-Openstack-Request-Id: " + "r".repeat(65),
          "X-Openstack-Request-Id: \u00e4\u0001",
          "X-Image-Meta-Store: nowhere",
          "x-openstack-image-size: -1",
          "x-openstack-image-size: 18446744073709551615",
          "x-image-cache-clear-target: \u00ff",
          "X-Openstack-Append: maybe",
          "X-Auth-Token: \u0080",
          "X-Roles: admin,,\u00e4",
          "Origin: null",
          "Host: \u00ff:99999",
          "X-Forwarded-For: " + "1.1.1.1,".repeat(500),
          "Forwarded: for=\"",
          "Upgrade: h2c");

  /** An operation of the document. */
  record Operation(String method, String path, JsonObject content, JsonArray parameters) {}

  /** A request as it is sent. */
  public record Request(String method, String target, Buffer bytes) {
    @Override
    public String toString() {
      return bytes.getString(0, Math.min(bytes.length(), 2_000), "ISO-8859-1");
    }
  }

  private final JsonObject document;
  private final FuzzedValues values;

  FuzzedRequests(JsonObject document, RandomGenerator random) {
    this.document = document;
    this.values = new FuzzedValues(document, random);
  }

  /** All operations in the order of the document, but last those that destroy what others need. */
  List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    for (var path : document.getJsonObject("paths")) {
      for (var each : (JsonObject) path.getValue()) {
        if (each.getValue() instanceof JsonObject operation) {
          operations.add(
              new Operation(
                  each.getKey().toUpperCase(Locale.ROOT),
                  path.getKey(),
                  content(operation),
                  operation.getJsonArray("parameters", new JsonArray())));
        }
      }
    }
    operations.sort(Comparator.comparing(operation -> operation.method().equals("DELETE")));
    return operations;
  }

  private JsonObject content(JsonObject operation) {
    return values
        .resolve(operation.getJsonObject("requestBody", new JsonObject()))
        .getJsonObject("content", new JsonObject());
  }

  /** A request for an operation on what is there, by the names of parameters. */
  Request of(Operation operation, Map<String, String> known) {
    var method = values.inPercent(5) ? values.any(METHODS) : operation.method();
    var target = path(operation.path(), known) + query(operation.parameters());
    var head = new StringBuilder("%s %s HTTP/1.1\r\n".formatted(method, target));
    head.append("Host: test\r\nConnection: close\r\n");
    var body = Buffer.buffer();
    if (values.inPercent(operation.content().isEmpty() ? 5 : 95)) {
      var type = type(operation.content());
      body = body(operation.content().getJsonObject(type, new JsonObject()));
      head.append("Content-Type: %s\r\n".formatted(values.inPercent(7) ? values.any(TYPES) : type));
      head.append("Content-Length: %d\r\n".formatted(body.length()));
    }
    while (values.inPercent(30)) {
      head.append(values.any(HEADERS)).append("\r\n");
    }
    var bytes = Buffer.buffer(head.append("\r\n").toString().getBytes(ISO_8859_1));
    return new Request(method, target, bytes.appendBuffer(body));
  }

  private String path(String template, Map<String, String> known) {
    return PARAMETER
        .matcher(template)
        .replaceAll(
            parameter -> {
              var value = known.getOrDefault(parameter.group(1), "unknown");
              return values.inPercent(90) ? value : wild();
            });
  }

  private String query(JsonArray parameters) {
    var query = new StringBuilder();
    for (var each : parameters) {
      var parameter = values.resolve((JsonObject) each);
      if (parameter.getString("in").equals("query") && values.inPercent(15)) {
        query.append(parameter.getString("name")).append('=').append(argument(parameter));
        query.append('&');
      }
    }
    if (values.inPercent(5)) {
      query.append(wild()).append('=').append(wild());
    }
    return query.isEmpty() ? "" : "?" + query;
  }

  private String argument(JsonObject parameter) {
    var value = values.value(parameter.getJsonObject("schema"));
    return values.inPercent(20)
        ? wild()
        : encoded(value instanceof String text ? text : "" + value);
  }

  /** Part of a URL; servers may refuse long ones before they are looked at. */
  private String wild() {
    return values.inPercent(30) ? values.any(RAW) : encoded(values.any(FuzzedValues.TEXTS));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text.substring(0, Math.min(text.length(), 300)), UTF_8);
  }

  private String type(JsonObject content) {
    return content.isEmpty() ? "application/json" : values.any(List.copyOf(content.fieldNames()));
  }

  private Buffer body(JsonObject media) {
    if (values.inPercent(10)) {
      return Buffer.buffer(values.nonsense());
    }
    var value = values.value(media.getJsonObject("schema", new JsonObject()));
    var text = Json.encode(value);
    var body = Buffer.buffer(text);
    if (values.inPercent(5)) {
      body.setByte(body.length() / 2, (byte) 0xff);
    }
    return values.inPercent(5) ? body.slice(0, body.length() / 2) : body;
  }
}
