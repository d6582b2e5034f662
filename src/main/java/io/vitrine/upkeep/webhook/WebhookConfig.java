package io.vitrine.upkeep.webhook;

import io.vertx.core.Vertx;
import io.vitrine.config.Key;
import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import io.vitrine.net.UrlKeys;
import io.vitrine.net.address.Url;
import io.vitrine.upkeep.relay.Sink;
import io.vitrine.upkeep.relay.SinkConfig;
import io.vitrine.upkeep.relay.SinkKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Receivers of CloudEvents over HTTP.
 *
 * @param urls a sink each
 * @param secret the key of the signatures
 * @param timeout of one request
 */
@Key("webhook")
public record WebhookConfig(List<Url> urls, Secret secret, Optional<Path> caFile, Duration timeout)
    implements SinkConfig {

  /** URLs that take events. */
  public static final SinkKind KIND = new SinkKind("webhook", WebhookConfig::from);

  /** Copies the list. */
  public WebhookConfig {
    urls = List.copyOf(urls);
  }

  private static WebhookConfig from(Section section) {
    var config =
        new WebhookConfig(
            UrlKeys.urls(section, "urls"),
            section.secret("secret"),
            section.file("ca_file"),
            section.duration("timeout", "1s", "1m"));
    section.require(
        config.urls.isEmpty() || !config.secret.value().isEmpty(),
        "secret",
        "webhooks need a key to sign with");
    return config;
  }

  @Override
  public Set<String> names() {
    return urls.stream().map(WebhookSink::nameOf).collect(Collectors.toSet());
  }

  @Override
  public List<Sink> open(Vertx vertx, String publisher) {
    return urls.stream()
        .distinct()
        .<Sink>map(url -> new WebhookSink(vertx, url, this, publisher))
        .toList();
  }
}
