package io.vitrine.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class LogFormatTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(LogFormatTest.class);

  @Test
  void writesTheKeyValuePairsOfALine() {
    var event = event(null, "stored {}", "twice");
    event.addKeyValuePair(new KeyValuePair("image_id", "an-image"));
    event.addKeyValuePair(new KeyValuePair("level", "\"forged\"\n{}"));

    var line = json(event);

    assertThat(line.getString("formattedMessage")).isEqualTo("stored twice");
    assertThat(line.getString("level")).isEqualTo("INFO");
    assertThat(line.getString("loggerName")).isEqualTo(LogFormatTest.class.getName());
    assertThat(line.getLong("timestamp")).isEqualTo(event.getTimeStamp());
    assertThat(line.getJsonArray("kvpList"))
        .isEqualTo(
            new JsonArray()
                .add(new JsonObject().put("image_id", "an-image"))
                .add(new JsonObject().put("level", "\"forged\"\n{}")));
    assertThat(line.fieldNames())
        .containsExactlyInAnyOrder(
            "timestamp",
            "level",
            "threadName",
            "loggerName",
            "kvpList",
            "formattedMessage",
            "throwable");
  }

  @Test
  void keepsTheStackTraceInTheLine() {
    var thrown = json(event(new IllegalStateException("broken"), "failed"));

    assertThat(thrown.getJsonObject("throwable").getString("message")).isEqualTo("broken");
    assertThat(thrown.getJsonObject("throwable").getJsonArray("stepArray")).isNotEmpty();
  }

  @Test
  void namesTheTraceThatALineBelongsTo() {
    var event = event(null, "stored");
    new TraceFilter().decide(event);
    assertThat(event.getKeyValuePairs()).isNull();

    TraceId.from(() -> Optional.of("0af7651916cd43dd8448eb211c80319c"));
    try {
      new TraceFilter().decide(event);
    } finally {
      TraceId.none();
    }

    assertThat(event.getKeyValuePairs())
        .containsExactly(new KeyValuePair("trace_id", "0af7651916cd43dd8448eb211c80319c"));
  }

  private LoggingEvent event(@Nullable Throwable failure, String message, Object... arguments) {
    return new LoggingEvent("", logger, Level.INFO, message, failure, arguments);
  }

  private JsonObject json(LoggingEvent event) {
    var encoder = LogFormat.json();
    encoder.setContext(logger.getLoggerContext());
    encoder.start();
    var text = new String(encoder.encode(event), StandardCharsets.UTF_8);
    assertThat(text.lines()).hasSize(1);
    return new JsonObject(text);
  }
}
