package io.vitrine.importer.transform;

import java.util.Optional;

/** The configuration of one plugin: it opens the plugin. */
public interface PluginConfig {
  /** Opens the plugin. Blocks for tens of milliseconds. */
  ImportPlugin open(PluginSite site);

  /** What keeps the plugin from working here, with the key to change; empty if nothing does. */
  default Optional<String> fault() {
    return Optional.empty();
  }

  /** How the plugin is isolated here; empty if nothing is to be told. Blocks as opening does. */
  default Optional<Isolation> isolation() {
    return Optional.empty();
  }

  /** What an operator should know of the plugin on this machine. Blocks as opening does. */
  default Optional<String> remark() {
    return Optional.empty();
  }
}
