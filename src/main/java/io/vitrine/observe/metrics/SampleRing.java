package io.vitrine.observe.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last samples of a process in memory of a fixed size; the oldest make room for new ones. So
 * the process can show its last hours without a monitoring system. Thread-safe.
 */
public final class SampleRing {
  /** The time between samples. */
  public static final Duration INTERVAL = Duration.ofSeconds(10);

  /** The samples of six hours. */
  public static final int CAPACITY = 2160;

  private final List<String> names;
  private final long[] seconds;
  private final double[][] values;
  private int size;
  private int next;

  /** An empty ring for the series of these names. */
  public SampleRing(List<String> names, int capacity) {
    this.names = List.copyOf(names);
    seconds = new long[capacity];
    values = new double[names.size()][capacity];
  }

  /**
   * Samples, the oldest first.
   *
   * @param seconds when each was taken, in seconds since 1970
   * @param series the values of each series by its name, as many as there are times
   */
  public record Samples(List<Long> seconds, Map<String, List<Double>> series) {
    /** Copies the lists. */
    public Samples {
      seconds = List.copyOf(seconds);
      series = Collections.unmodifiableMap(new LinkedHashMap<>(series));
    }
  }

  /** Adds a sample, with a value for each name in their order. */
  synchronized void add(long time, double... sample) {
    seconds[next] = time;
    for (int i = 0; i < values.length; i++) {
      values[i][next] = sample[i];
    }
    next = (next + 1) % seconds.length;
    size = Math.min(size + 1, seconds.length);
  }

  /** The samples that were taken later than that, in seconds since 1970. */
  public synchronized Samples after(long time) {
    var places = new ArrayList<Integer>();
    for (int i = 0; i < size; i++) {
      int place = (next - size + i + seconds.length) % seconds.length;
      if (seconds[place] > time) {
        places.add(place);
      }
    }
    var series = new LinkedHashMap<String, List<Double>>();
    for (int i = 0; i < values.length; i++) {
      var column = values[i];
      series.put(names.get(i), places.stream().map(place -> column[place]).toList());
    }
    return new Samples(places.stream().map(place -> seconds[place]).toList(), series);
  }
}
