package io.vitrine.observe.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.LoggerFactory;

/** Switches the log from the text of logback.xml to JSON. */
public final class LogFormat {
  private LogFormat() {}

  /**
   * Uses a format, text or json, from now on; an appender of another Logback configuration than
   * ours stays as it is.
   */
  public static void use(String format) {
    var root = LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    if (format.equals("json")
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && root instanceof Logger logger
        && logger.getAppender("stderr") instanceof OutputStreamAppender<ILoggingEvent> appender) {
      var encoder = new JsonEncoder();
      encoder.setContext(context);
      encoder.start();
      appender.setEncoder(encoder);
    }
  }
}
