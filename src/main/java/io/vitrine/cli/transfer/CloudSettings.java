package io.vitrine.cli.transfer;

import io.vitrine.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * How to reach a cloud, by the keys of {@code clouds.yaml}: from there if a cloud is named, else
 * from the variables {@code OS_…}, as OpenStack's clients take it.
 */
public final class CloudSettings {
  private static final String PREFIX = "OS_";
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "tenant_name", "project_name",
          "tenant_id", "project_id",
          "endpoint_type", "interface",
          "auth_token", "token");

  private final Map<String, String> values;

  private CloudSettings(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads the settings.
   *
   * @param cloud the name of the cloud, before that in {@code OS_CLOUD}
   */
  public static CloudSettings read(Map<String, String> environment, Optional<String> cloud)
      throws IOException {
    var name = cloud.or(() -> Optional.ofNullable(environment.get("OS_CLOUD")));
    return new CloudSettings(
        name.isPresent() ? ofCloud(environment, name.get()) : ofVariables(environment));
  }

  private static Map<String, String> ofVariables(Map<String, String> environment) {
    var values = new HashMap<String, String>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX) && !value.isEmpty()) {
            var key = name.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
            values.put(OTHER_NAMES.getOrDefault(key, key), value);
          }
        });
    return values;
  }

  private static Map<String, String> ofCloud(Map<String, String> environment, String name)
      throws IOException {
    var places = places(environment);
    for (var file : places) {
      if (Files.isReadable(file)) {
        var values = new HashMap<String, String>();
        flatten(cloud(file, name), values);
        var secure = file.resolveSibling("secure.yaml");
        if (Files.isReadable(secure)) {
          flatten(cloud(secure, name), values);
        }
        if (values.isEmpty()) {
          throw new CommandException("%s does not have the cloud %s.".formatted(file, name));
        }
        return values;
      }
    }
    throw new CommandException(
        "There is no clouds.yaml for the cloud %s; these places were tried: %s."
            .formatted(name, String.join(", ", places.stream().map(Path::toString).toList())));
  }

  private static List<Path> places(Map<String, String> environment) {
    var named = environment.get("OS_CLIENT_CONFIG_FILE");
    return named != null
        ? List.of(Path.of(named))
        : List.of(
            Path.of("clouds.yaml"),
            Path.of(environment.getOrDefault("HOME", "."), ".config/openstack/clouds.yaml"),
            Path.of("/etc/openstack/clouds.yaml"));
  }

  private static Map<?, ?> cloud(Path file, String name) throws IOException {
    try (var reader = Files.newBufferedReader(file)) {
      Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
      return document instanceof Map<?, ?> all
              && all.get("clouds") instanceof Map<?, ?> clouds
              && clouds.get(name) instanceof Map<?, ?> cloud
          ? cloud
          : Map.of();
    } catch (YAMLException invalid) {
      // Its message quotes the line, which may have the password.
      throw new CommandException("%s is not valid YAML.".formatted(file));
    }
  }

  private static void flatten(Map<?, ?> cloud, Map<String, String> values) {
    cloud.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> below && key.equals("auth")) {
            flatten(below, values);
          } else if (value instanceof String
              || value instanceof Number
              || value instanceof Boolean) {
            values.put(String.valueOf(key), value.toString());
          }
        });
  }

  /** The value of a key. */
  Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** The value of a key, without which nothing can be done. */
  String require(String key) {
    return get(key)
        .orElseThrow(
            () ->
                new CommandException(
                    "%s%s, or %s in clouds.yaml, is missing."
                        .formatted(PREFIX, key.toUpperCase(Locale.ROOT), key)));
  }
}
