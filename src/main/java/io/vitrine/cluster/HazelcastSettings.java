package io.vitrine.cluster;

import static java.util.Map.entry;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MultiMapConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;

/** The configuration of Hazelcast, which only tracks members and subscriptions. */
final class HazelcastSettings {
  /** No telemetry, and no shutdown hook of its own. */
  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          entry("hazelcast.logging.type", "slf4j"),
          // Otherwise each log line contains the cluster's name, which is derived from the secret.
          entry("hazelcast.logging.details.enabled", "false"),
          entry("hazelcast.phone.home.enabled", "false"),
          entry("hazelcast.shutdownhook.enabled", "false"),
          entry("hazelcast.graceful.shutdown.max.wait", "5"),
          entry("hazelcast.max.join.seconds", "30"),
          entry("hazelcast.partition.count", "31"),
          entry("hazelcast.io.thread.count", "1"),
          entry("hazelcast.operation.thread.count", "2"),
          entry("hazelcast.operation.generic.thread.count", "2"),
          entry("hazelcast.event.thread.count", "1"));

  private HazelcastSettings() {}

  static Config of(ClusterConfig cluster) {
    var config = new Config();
    PROPERTIES.forEach(config::setProperty);
    config.setClusterName(name(cluster));
    config
        .setProperty(
            "hazelcast.heartbeat.interval.seconds", seconds(cluster.heartbeat().interval()))
        .setProperty("hazelcast.max.no.heartbeat.seconds", seconds(cluster.heartbeat().timeout()))
        .setProperty(
            "hazelcast.merge.first.run.delay.seconds", seconds(cluster.merge().firstDelay()))
        .setProperty(
            "hazelcast.merge.next.run.delay.seconds", seconds(cluster.merge().nextDelay()));
    var network = config.getNetworkConfig();
    network.setPort(cluster.port()).setPortAutoIncrement(false);
    if (!cluster.host().isEmpty()) {
      config
          .setProperty("hazelcast.local.localAddress", cluster.host())
          .setProperty("hazelcast.socket.bind.any", "false");
    }
    find(network.getJoin(), cluster);
    config.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs")
            .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
    config.getSerializationConfig().setJavaSerializationFilterConfig(knownClasses());
    config.getJetConfig().setEnabled(false);
    config.getMetricsConfig().setEnabled(false);
    return config;
  }

  private static void find(JoinConfig join, ClusterConfig cluster) {
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    if (cluster.dnsName().isEmpty()) {
      join.getTcpIpConfig().setEnabled(true).setMembers(cluster.members());
    } else {
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("service-dns", cluster.dnsName())
          .setProperty("service-port", Integer.toString(cluster.port()));
    }
  }

  /** Without this filter, anyone who connects could make this process deserialize any class. */
  private static JavaSerializationFilterConfig knownClasses() {
    var known =
        new ClassFilter()
            .addPrefixes("com.hazelcast.", "io.vertx.", "java.lang.", "java.util.", "java.io.")
            // Connection failures, and arrays, whose elements must be of these classes too.
            .addPrefixes("java.nio.channels.", "java.net.ConnectException", "java.net.Socket", "[");
    return new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(known);
  }

  /**
   * The cluster's name, derived from the secret: Hazelcast rejects nodes of another name without
   * telling them, and the secret itself never leaves the node.
   */
  private static String name(ClusterConfig cluster) {
    var secret = cluster.secret().value();
    if (secret.isEmpty()) {
      return cluster.name();
    }
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      return cluster.name() + "-" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String seconds(Duration duration) {
    return Long.toString(duration.toSeconds());
  }
}
