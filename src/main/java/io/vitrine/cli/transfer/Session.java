package io.vitrine.cli.transfer;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.cli.command.CommandException;
import io.vitrine.net.address.Url;
import io.vitrine.net.address.UrlException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the image service is, and the token for it; without credentials there is none. */
final class Session {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final HttpClient client;
  private final CloudSettings settings;
  private final Optional<String> asked;
  private Optional<String> token = Optional.empty();
  private String endpoint = "";

  /**
   * A session that has not begun.
   *
   * @param asked the URL of the image service; empty: that of Keystone's catalog
   */
  Session(HttpClient client, CloudSettings settings, Optional<String> asked) {
    this.client = client;
    this.settings = settings;
    this.asked = asked.or(() -> settings.get("image_endpoint_override"));
  }

  /** Logs in, again if need be. */
  synchronized void begin() throws IOException, InterruptedException {
    if (settings.get("auth_url").isEmpty()) {
      token = settings.get("token");
      endpoint =
          base(
              asked.orElseThrow(
                  () ->
                      new CommandException(
                          "Say where the image service is: --to or --from URL, or OS_AUTH_URL.")));
      return;
    }
    var answer = login();
    token = Optional.of(answer.headers().firstValue("X-Subject-Token").orElse(""));
    var found = new JsonObject(answer.body()).getJsonObject("token");
    endpoint = base(asked.orElseGet(() -> ofCatalog(found)));
  }

  private HttpResponse<String> login() throws IOException, InterruptedException {
    var url = authUrl();
    var request =
        HttpRequest.newBuilder(parse(url + "/auth/tokens").toUri())
            .timeout(DEADLINE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(new Credentials(settings).request().encode()))
            .build();
    var answer = client.send(request, BodyHandlers.ofString());
    return switch (answer.statusCode()) {
      case 200, 201 -> answer;
      case 401 ->
          throw new CommandException("Keystone at %s refuses the credentials.".formatted(url));
      default ->
          throw new CommandException(
              "Keystone at %s answers %d.".formatted(url, answer.statusCode()));
    };
  }

  private String authUrl() {
    var url = withoutSlash(settings.require("auth_url"));
    return url.endsWith("/v3") ? url : url.replaceFirst("/v2\\.0$", "") + "/v3";
  }

  private String ofCatalog(JsonObject found) {
    var wanted = settings.get("interface").orElse("public").replaceFirst("URL$", "");
    return objects(found.getJsonArray("catalog"))
        .filter(service -> "image".equals(service.getString("type")))
        .flatMap(service -> objects(service.getJsonArray("endpoints")))
        .filter(each -> wanted.equals(each.getString("interface")))
        .filter(
            each ->
                settings
                    .get("region_name")
                    .map(region -> region.equals(each.getString("region")))
                    .orElse(true))
        .map(each -> each.getString("url"))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    "Keystone's catalog has no %s endpoint of an image service%s."
                        .formatted(
                            wanted,
                            settings
                                .get("region_name")
                                .map(" in the region "::concat)
                                .orElse(""))));
  }

  private static Stream<JsonObject> objects(@Nullable JsonArray array) {
    return array == null ? Stream.of() : array.stream().map(JsonObject.class::cast);
  }

  /** The URL below which versions are. */
  private static String base(String url) {
    return withoutSlash(withoutSlash(url).replaceFirst("/v2(\\.[0-9]+)?$", ""));
  }

  private static String withoutSlash(String url) {
    return url.replaceFirst("/+$", "");
  }

  private static Url parse(String url) {
    try {
      return Url.parseHttp(url);
    } catch (UrlException invalid) {
      throw new CommandException(
          "The URL %s cannot be used: %s.".formatted(url, invalid.getMessage()));
    }
  }

  /** A request to the image service; the path begins with a slash. */
  synchronized HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(parse(endpoint + path).toUri());
    token.ifPresent(text -> request.header("X-Auth-Token", text));
    return request;
  }

  /** The URL of the image service, as users know it. */
  synchronized String endpoint() {
    return endpoint;
  }

  /** Whether the session can log in again when its token has expired. */
  boolean canRenew() {
    return settings.get("auth_url").isPresent();
  }
}
