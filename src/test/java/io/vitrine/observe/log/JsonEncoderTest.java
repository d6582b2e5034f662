package io.vitrine.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JsonEncoderTest {
  private final JsonEncoder encoder = new JsonEncoder();

  @Test
  void namesWhatTheMessageNames() {
    var line = line(null, "request={} status={}{} ms={} took {}", "req-1", 200, "", 12L, "long");

    assertThat(line.getString("message")).isEqualTo("request=req-1 status=200 ms=12 took long");
    assertThat(line.getString("request_id")).isEqualTo("req-1");
    assertThat(line.getInteger("status")).isEqualTo(200);
    assertThat(line.getLong("ms")).isEqualTo(12);
    assertThat(line.getString("level")).isEqualTo("INFO");
    assertThat(line.getString("logger")).isEqualTo(JsonEncoderTest.class.getName());
    assertThat(line.getInstant("time")).isNotNull();
    assertThat(line.fieldNames())
        .containsExactlyInAnyOrder(
            "request_id", "status", "ms", "time", "level", "logger", "thread", "message");
  }

  @Test
  void namesTheTraceThatTheLineBelongsTo() {
    TraceId.from(() -> Optional.of("0af7651916cd43dd8448eb211c80319c"));
    try {
      assertThat(line(null, "request={}", "req-1").getString("trace_id"))
          .isEqualTo("0af7651916cd43dd8448eb211c80319c");
    } finally {
      TraceId.none();
    }
  }

  @Test
  void letsNoValueTakeThePlaceOfAField() {
    var line = line(null, "level={} message={}", "none", "\"forged\"\n{}");

    assertThat(line.getString("level")).isEqualTo("INFO");
    assertThat(line.getString("message")).isEqualTo("level=none message=\"forged\"\n{}");
  }

  @Test
  void keepsTheStackTraceInTheLine() {
    var line = line(new IllegalStateException("broken"), "failed");

    assertThat(line.getString("error"))
        .startsWith("java.lang.IllegalStateException: broken")
        .contains("at io.vitrine.observe.log.JsonEncoderTest");
  }

  private JsonObject line(@Nullable Throwable failure, String message, Object... arguments) {
    var logger = (Logger) LoggerFactory.getLogger(JsonEncoderTest.class);
    encoder.start();
    var event = new LoggingEvent("", logger, Level.INFO, message, failure, arguments);
    var bytes = encoder.encode(event);
    assertThat(bytes).endsWith((byte) '\n');
    assertThat(new String(bytes, StandardCharsets.UTF_8).lines()).hasSize(1);
    return new JsonObject(new String(bytes, StandardCharsets.UTF_8));
  }
}
