package io.vitrine.config;

import io.vertx.config.yaml.YamlProcessor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/**
 * Reads YAML with vertx-config's {@link YamlProcessor}. It needs a Vert.x only to run its parser on
 * a worker thread. The process's own Vert.x cannot be that: the configuration decides how it is
 * made (cluster, TLS, tracing). Another one would be started for nothing, so the parser runs in the
 * calling thread.
 */
final class Yaml {
  private static final Vertx CALLING_THREAD =
      (Vertx)
          Proxy.newProxyInstance(
              Yaml.class.getClassLoader(),
              new Class<?>[] {Vertx.class},
              (vertx, method, arguments) -> answer(method, arguments));

  private Yaml() {}

  /**
   * The mapping of a document; empty if there are only comments. Blocks.
   *
   * @throws RuntimeException if the document is no YAML, or no mapping
   */
  static JsonObject parse(byte[] document) {
    return isBlank(document)
        ? new JsonObject()
        : new YamlProcessor()
            .process(CALLING_THREAD, new JsonObject(), Buffer.buffer(document))
            .await();
  }

  /** Whether there are only comments, which the processor would turn into null. */
  private static boolean isBlank(byte[] document) {
    return new String(document, StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .allMatch(line -> line.isEmpty() || line.startsWith("#"));
  }

  private static Object answer(Method method, Object[] arguments) {
    if (!method.getName().equals("executeBlocking")) {
      throw new UnsupportedOperationException(method.getName());
    }
    try {
      return Future.succeededFuture(((Callable<?>) arguments[0]).call());
    } catch (Exception failure) {
      return Future.failedFuture(failure);
    }
  }
}
