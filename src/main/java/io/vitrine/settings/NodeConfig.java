package io.vitrine.settings;

import io.vitrine.config.Section;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.regex.Pattern;

/** The name of this process on the event bus. */
public record NodeConfig(String name) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}|");

  static NodeConfig from(Section section, Map<String, String> environment) {
    var name = section.text("name", NAME, "letters, digits, \".\", \"_\" and \"-\"");
    return new NodeConfig(name.isEmpty() ? hostName(environment) : name);
  }

  private static String hostName(Map<String, String> environment) {
    var given = environment.get("HOSTNAME");
    if (given != null && !given.isEmpty()) {
      return given;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }
}
