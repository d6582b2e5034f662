package io.vitrine.benchmark;

import java.util.List;

/**
 * What is measured, and how thoroughly.
 *
 * @param sizeMib the size of the image that goes up and down
 * @param rounds how often everything is measured
 * @param images how many images the catalog has
 * @param catalogs how many images catalogs have that are compared, the smallest first
 * @param seconds how long one run of requests lasts
 * @param heap the server's largest heap, as Java writes it
 * @param only the parts that are measured, separated by commas; empty for all
 * @param strict whether a missed target is a failure
 */
record Settings(
    long sizeMib,
    int rounds,
    int images,
    List<Integer> catalogs,
    int seconds,
    String heap,
    String only,
    boolean strict) {

  static Settings ofProperties() {
    boolean isShort = isSet("short");
    return new Settings(
        Long.parseLong(property("size", isShort ? "512" : "2048")),
        Integer.parseInt(property("rounds", isShort ? "1" : "3")),
        Integer.parseInt(property("images", "1000")),
        Catalogs.sizes(property("catalogs", isShort ? "1000,20000" : "1000,100000,1000000")),
        Integer.parseInt(property("seconds", isShort ? "3" : "5")),
        property("heap", "256m"),
        property("only", ""),
        isSet("strict"));
  }

  long sizeBytes() {
    return sizeMib << 20;
  }

  double sizeGib() {
    return sizeMib / 1024.0;
  }

  boolean includes(String part) {
    return only.isEmpty() || (',' + only + ',').contains(',' + part + ',');
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
