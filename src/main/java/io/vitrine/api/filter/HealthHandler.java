package io.vitrine.api.filter;

import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.file.FileSystem;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Responses;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * {@code /healthcheck}: whether the operator's files let this process receive requests. Methods,
 * formats and statuses follow oslo.middleware, which serves this path in Glance.
 */
public final class HealthHandler implements Handler<RoutingContext> {
  private static final String WELL = "OK";
  private static final String DISABLED = "DISABLED BY FILE";
  private static final int PATIENCE_SECONDS = 5;

  private final HealthcheckConfig files;
  private final Map<Integer, String> disabling;

  /** Creates the handler; the files are read for every request. */
  public HealthHandler(HealthcheckConfig files) {
    this.files = files;
    this.disabling = files.disablingByPort();
  }

  @Override
  public void handle(RoutingContext context) {
    report(context)
        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .onSuccess(report -> answer(context, report))
        .onFailure(failure -> context.fail(unavailable("The file system does not answer.")));
  }

  private Future<HealthReport> report(RoutingContext context) {
    var system = context.vertx().fileSystem();
    var port =
        Optional.ofNullable(context.request().connection().localAddress(true))
            .map(SocketAddress::port)
            .orElse(-1);
    var checks =
        List.of(byFile(system), byPort(system, port), byFiles(system, files.enableByFilePaths()));
    var details =
        files.detailed()
            ? context.vertx().executeBlocking(HealthHandler::details, false)
            : Future.succeededFuture(new JsonObject());
    return Future.join(Future.join(checks), details)
        .map(
            done ->
                new HealthReport(
                    checks.stream().flatMap(check -> check.result().stream()).toList(),
                    Objects.requireNonNull(details.result())));
  }

  private Future<Optional<HealthReport.Result>> byFile(FileSystem system) {
    if (files.disableByFilePath().isEmpty()) {
      return Future.succeededFuture(
          Optional.of(well("No 'disable_by_file_path' configuration value specified")));
    }
    var path = files.disableByFilePath().get().toString();
    return system
        .exists(path)
        .map(
            isThere ->
                Optional.of(
                    isThere
                        ? unwell(DISABLED, "Path '%s' was found".formatted(path))
                        : well("Path '%s' was not found".formatted(path))));
  }

  private Future<Optional<HealthReport.Result>> byPort(FileSystem system, int port) {
    if (disabling.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var path = disabling.get(port);
    return (path == null ? Future.succeededFuture(false) : system.exists(path))
        .map(isThere -> Optional.of(isThere ? unwell(DISABLED, "") : well("")));
  }

  private static Future<Optional<HealthReport.Result>> byFiles(
      FileSystem system, List<String> paths) {
    if (paths.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var found = paths.stream().map(system::exists).toList();
    return Future.join(found)
        .map(
            done ->
                paths.stream()
                    .filter(path -> !found.get(paths.indexOf(path)).result())
                    .findFirst()
                    .map(
                        path ->
                            unwell("FILE PATH MISSING", "File path %s is missing".formatted(path)))
                    .or(() -> Optional.of(well("Specified file paths are available"))));
  }

  private static HealthReport.Result well(String details) {
    return new HealthReport.Result(true, WELL, details);
  }

  private static HealthReport.Result unwell(String reason, String details) {
    return new HealthReport.Result(false, reason, details);
  }

  /** The state of the process. Blocks, and briefly stops all threads. */
  private static JsonObject details() {
    var collections =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(GarbageCollectorMXBean::getCollectionCount)
            .toList();
    var threads = new JsonArray();
    Thread.getAllStackTraces().entrySet().stream().map(HealthHandler::stack).forEach(threads::add);
    return new JsonObject()
        .put("gc", new JsonObject().put("counts", new JsonArray(collections)))
        .put("java_version", Runtime.version().toString())
        .put("now", Instant.now().toString())
        .put(
            "platform",
            String.join(
                "-",
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")))
        .put("threads", threads);
  }

  private static String stack(Map.Entry<Thread, StackTraceElement[]> thread) {
    return Arrays.stream(thread.getValue())
        .map(frame -> "  at " + frame)
        .collect(Collectors.joining("\n", thread.getKey().getName() + "\n", ""));
  }

  private static void answer(RoutingContext context, HealthReport report) {
    if (HttpMethod.HEAD.equals(context.request().method())) {
      Responses.empty(context, report.isWell() ? 204 : 503);
      return;
    }
    int status = report.isWell() ? 200 : 503;
    var ranges = context.parsedHeaders().accept();
    float plain = ErrorFormat.quality(ranges, "text", "plain");
    float html = ErrorFormat.quality(ranges, "text", "html");
    float json = ErrorFormat.quality(ranges, "application", "json");
    if (json > html && json > plain) {
      Responses.text(context, status, "application/json", report.toJson());
    } else if (html > plain) {
      Responses.text(context, status, "text/html; charset=UTF-8", report.toHtml());
    } else {
      Responses.text(context, status, "text/plain; charset=UTF-8", report.toText());
    }
  }
}
