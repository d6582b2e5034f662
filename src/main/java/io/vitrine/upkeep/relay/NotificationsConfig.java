package io.vitrine.upkeep.relay;

import io.vertx.core.Vertx;
import io.vitrine.config.Key;
import io.vitrine.config.Section;
import io.vitrine.notification.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The notifications to send, and their sinks.
 *
 * @param publisherId the sender named in notifications
 * @param disabled types of notifications not to send, or prefixes that end before a dot
 * @param maxPending the most notifications waiting for each sink
 * @param keepFor how long they may wait
 * @param sinks the configurations of all kinds, by name
 */
public record NotificationsConfig(
    String publisherId,
    List<String> disabled,
    int maxPending,
    Duration keepFor,
    @Key("") Map<String, SinkConfig> sinks) {
  private static final Pattern NAMES = Pattern.compile("[a-z_]{1,64}(\\.[a-z_]{1,64}){0,3}");
  private static final Pattern PUBLISHER = Pattern.compile("[A-Za-z0-9._:/-]{1,255}");

  /** Copies the collections. */
  public NotificationsConfig {
    disabled = List.copyOf(disabled);
    sinks = Collections.unmodifiableMap(new LinkedHashMap<>(sinks));
  }

  /** Reads the section. */
  public static NotificationsConfig from(Section section, List<SinkKind> kinds) {
    var sinks = new LinkedHashMap<String, SinkConfig>();
    kinds.forEach(kind -> sinks.put(kind.name(), kind.read(section)));
    return new NotificationsConfig(
        section.text("publisher_id", PUBLISHER, "a name such as image.localhost"),
        section.texts("disabled", NAMES, "names such as image.send or metadef_tag"),
        section.integer("max_pending", 1, 10_000_000),
        section.duration("keep_for", "1m", "365d"),
        sinks);
  }

  /** The event types that each sink receives. */
  public Subscription subscription() {
    var names =
        sinks.values().stream()
            .flatMap(config -> config.names().stream())
            .collect(Collectors.toSet());
    return Subscription.of(names, disabled);
  }

  /** Opens the configured sinks. */
  public List<Sink> open(Vertx vertx) throws Exception {
    var opened = new ArrayList<Sink>();
    for (var config : sinks.values()) {
      opened.addAll(config.open(vertx, publisherId));
    }
    return opened;
  }
}
