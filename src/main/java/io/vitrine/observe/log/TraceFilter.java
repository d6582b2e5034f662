package io.vitrine.observe.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.event.KeyValuePair;

/** Adds {@code trace_id} to the lines of an appender that belong to a trace; rejects none. */
public final class TraceFilter extends Filter<ILoggingEvent> {
  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (event instanceof LoggingEvent line) {
      TraceId.current().ifPresent(id -> line.addKeyValuePair(new KeyValuePair("trace_id", id)));
    }
    return FilterReply.NEUTRAL;
  }
}
