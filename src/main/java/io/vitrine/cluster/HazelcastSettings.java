package io.vitrine.cluster;

import static java.util.Map.entry;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MultiMapConfig;
import io.vitrine.config.ClusterConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;

/** What Hazelcast, which only knows who is there and who listens where, is told. */
final class HazelcastSettings {
  /** Nothing is ever announced to its makers, and the process' end is ours to order. */
  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          entry("hazelcast.logging.type", "slf4j"),
          // Else the cluster's name, and with it what is made of the secret, is in each line.
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

  /** Whoever connects could else make this process read objects of any class. */
  private static JavaSerializationFilterConfig knownClasses() {
    var known =
        new ClassFilter()
            .addPrefixes("com.hazelcast.", "io.vertx.", "java.lang.", "java.util.", "java.io.")
            // Failures of connections, and arrays, whose elements have to be of these classes too.
            .addPrefixes("java.nio.channels.", "java.net.ConnectException", "java.net.Socket", "[");
    return new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(known);
  }

  /** Hazelcast tells a node of another cluster nothing but that; the secret itself never leaves. */
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
