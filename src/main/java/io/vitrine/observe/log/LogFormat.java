package io.vitrine.observe.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.LoggerFactory;

/** Switches the log from text, as in logback.xml, to JSON. */
public final class LogFormat {
  private LogFormat() {}

  /**
   * Applies a format, text or json. Appenders of a Logback configuration other than ours are left
   * alone.
   */
  public static void use(String format) {
    var root = LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    if (format.equals("json")
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && root instanceof Logger logger
        && logger.getAppender("stderr") instanceof OutputStreamAppender<ILoggingEvent> appender) {
      var encoder = json();
      encoder.setContext(context);
      encoder.start();
      appender.setEncoder(encoder);
    }
  }

  /** One object a line with the text as formatted, and without what never differs. */
  static JsonEncoder json() {
    var encoder = new JsonEncoder();
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithContext(false);
    encoder.setWithMDC(false);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    return encoder;
  }
}
