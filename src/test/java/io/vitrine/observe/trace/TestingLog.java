package io.vitrine.observe.trace;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vitrine.observe.log.TraceFilter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What is written to the log meanwhile, with the traces that it belongs to. */
final class TestingLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger requests =
      (Logger) LoggerFactory.getLogger("io.vitrine.api.filter.RequestLog");
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private TestingLog() {}

  static TestingLog open() {
    var log = new TestingLog();
    log.setContext(log.root.getLoggerContext());
    log.addFilter(new TraceFilter());
    log.attach();
    return log;
  }

  private void attach() {
    start();
    root.addAppender(this);
    requests.setLevel(Level.INFO);
  }

  /** The first line with a text in it; empty if there is none. */
  String line(String text) {
    return lines(text).stream().findFirst().orElse("");
  }

  /** All lines with a text in them. */
  List<String> lines(String text) {
    return lines.stream().filter(line -> line.contains(text)).toList();
  }

  @Override
  protected void append(ILoggingEvent event) {
    var pairs = Objects.requireNonNullElse(event.getKeyValuePairs(), List.<KeyValuePair>of());
    lines.add(
        event.getFormattedMessage()
            + pairs.stream()
                .map(pair -> " " + pair.key + "=" + pair.value)
                .collect(Collectors.joining()));
  }

  @Override
  public void close() {
    requests.setLevel(null);
    root.detachAppender(this);
    stop();
  }
}
