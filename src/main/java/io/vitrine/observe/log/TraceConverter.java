package io.vitrine.observe.log;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** The trace's id for Logback's patterns; nothing where there is none. */
public final class TraceConverter extends ClassicConverter {
  @Override
  public String convert(ILoggingEvent event) {
    return TraceId.current().map(" trace="::concat).orElse("");
  }
}
