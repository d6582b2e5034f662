package io.vitrine.benchmark;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What is measured, and how thoroughly.
 *
 * @param sizeMib the size of the image that goes up and down
 * @param rounds how often everything is measured
 * @param images how many images the catalog has
 * @param catalogs how many images catalogs have that are compared, the smallest first
 * @param uploads how many images a fresh process takes, the last of which is compared with the
 *     first
 * @param seconds how long one run of requests lasts
 * @param heap the server's largest heap, as Java writes it
 * @param only the parts that are measured; empty for all
 * @param partLimit after which a part counts as hanging
 * @param strict whether a missed target is a failure
 */
record Settings(
    long sizeMib,
    int rounds,
    int images,
    List<Integer> catalogs,
    int uploads,
    int seconds,
    String heap,
    Set<String> only,
    Duration partLimit,
    boolean strict) {

  static Settings ofProperties() {
    boolean isShort = isSet("short");
    return new Settings(
        Long.parseLong(property("size", isShort ? "512" : "2048")),
        Integer.parseInt(property("rounds", isShort ? "1" : "3")),
        Integer.parseInt(property("images", isShort ? "300" : "1000")),
        Catalogs.sizes(property("catalogs", isShort ? "1000,20000" : "1000,100000,1000000")),
        Integer.parseInt(property("uploads", isShort ? "4" : "10")),
        Integer.parseInt(property("seconds", isShort ? "2" : "5")),
        property("heap", "256m"),
        names(property("only", "")),
        Duration.ofMinutes(isShort ? 10 : 60),
        isSet("strict"));
  }

  long sizeBytes() {
    return sizeMib << 20;
  }

  double sizeGib() {
    return sizeMib / 1024.0;
  }

  /** Part of the size, but at least so much, if the size is that large. */
  long shareMib(int parts, long leastMib) {
    return Math.min(sizeMib, Math.max(sizeMib / parts, leastMib));
  }

  boolean includes(String part) {
    return only.isEmpty() || only.contains(part);
  }

  private static Set<String> names(String text) {
    return text.isEmpty() ? Set.of() : Set.of(text.split(",", -1));
  }

  private static boolean isSet(String name) {
    return !property(name, "false").equals("false");
  }

  /** The build passes those that are not given as empty ones. */
  private static String property(String name, String otherwise) {
    var given = System.getProperty("benchmark." + name, "");
    return given.isEmpty() ? otherwise : given;
  }
}
