package io.vitrine.observe.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes one JSON object a line. Values named in a message, as in {@code image={}}, also become
 * fields.
 */
final class JsonEncoder extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};
  private static final Pattern VALUE = Pattern.compile("(?:(\\w+)=)?\\{}");
  private static final Map<String, String> NAMES =
      Map.of("request", "request_id", "image", "image_id", "task", "task_id", "blob", "blob_id");

  private final ThrowableProxyConverter stackTrace = new ThrowableProxyConverter();

  @Override
  public void start() {
    stackTrace.start();
    super.start();
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var line = new JsonObject();
    values(event, line);
    TraceId.current().ifPresent(id -> line.put("trace_id", id));
    line.put("time", event.getInstant().toString())
        .put("level", event.getLevel().toString())
        .put("logger", event.getLoggerName())
        .put("thread", event.getThreadName())
        .put("message", event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      line.put("error", stackTrace.convert(event));
    }
    return (line.encode() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void values(ILoggingEvent event, JsonObject line) {
    var arguments = event.getArgumentArray();
    if (arguments == null || event.getMessage() == null) {
      return;
    }
    var found = VALUE.matcher(event.getMessage());
    for (int i = 0; i < arguments.length && found.find(); i++) {
      var name = found.group(1);
      if (name != null) {
        line.put(NAMES.getOrDefault(name, name), plain(arguments[i]));
      }
    }
  }

  private static Object plain(Object value) {
    return value instanceof Integer || value instanceof Long || value instanceof Boolean
        ? value
        : String.valueOf(value);
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
