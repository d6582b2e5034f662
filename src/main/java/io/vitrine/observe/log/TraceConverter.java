package io.vitrine.observe.log;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** The trace id for Logback's patterns; empty without a trace. */
public final class TraceConverter extends ClassicConverter {
  @Override
  public String convert(ILoggingEvent event) {
    return TraceId.current().map(" trace="::concat).orElse("");
  }
}
