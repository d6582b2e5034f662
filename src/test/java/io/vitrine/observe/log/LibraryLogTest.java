package io.vitrine.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LibraryLogTest {
  private static final String CACHES = "com.github.benmanes.caffeine.cache.LocalAsyncCache";

  @Test
  void whatLibrariesLogThroughTheJdkComesIntoTheSameLog() {
    var name = LibraryLogTest.class.getName();
    var log = (Logger) LoggerFactory.getLogger(name);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    log.addAppender(lines);

    System.getLogger(name).log(System.Logger.Level.WARNING, "of a library");

    log.detachAppender(lines);
    assertThat(lines.list)
        .singleElement()
        .extracting(ILoggingEvent::getMessage)
        .isEqualTo("of a library");
  }

  @Test
  void loadsOfCachesMayFailSilently() throws Exception {
    var context = new LoggerContext();
    var configurator = new JoranConfigurator();
    configurator.setContext(context);

    configurator.doConfigure(LibraryLogTest.class.getResource("/logback.xml"));

    assertThat(context.getLogger(CACHES).isWarnEnabled()).isFalse();
    assertThat(context.getLogger(CACHES).isErrorEnabled()).isTrue();
    context.stop();
  }
}
