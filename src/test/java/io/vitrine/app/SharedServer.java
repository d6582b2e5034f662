package io.vitrine.app;

import io.vitrine.testing.OncePerJvm;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one server, and the one source of downloads, of this JVM. */
public final class SharedServer implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == TestingServer.class || type == TestingSource.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var running = OncePerJvm.get(Running.class, Running::start);
    return parameter.getParameter().getType() == TestingServer.class
        ? running.server
        : running.source;
  }

  private static final class Running implements AutoCloseable {
    private final TestingSource source;
    private final Path directory;
    private final TestingServer server;

    private Running(TestingSource source, Path directory, TestingServer server) {
      this.source = source;
      this.directory = directory;
      this.server = server;
    }

    static Running start() {
      try {
        var source = TestingSource.start();
        var directory = TestingServer.newDirectory();
        var settings =
            Map.of(
                "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS",
                String.valueOf(source.port()),
                "VITRINE_IMPORT__WEB_DOWNLOAD__MAX_ATTEMPTS",
                "2",
                "VITRINE_IMPORT__MAX_ATTEMPTS",
                "2");
        return new Running(source, directory, TestingServer.start(directory, settings));
      } catch (Exception failure) {
        throw new IllegalStateException("the shared server does not start", failure);
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      source.close();
      TestingServer.remove(directory);
    }
  }
}
