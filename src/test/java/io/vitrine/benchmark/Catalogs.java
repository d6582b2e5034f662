package io.vitrine.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists and single images out of catalogs of growing size, by wrk: what is asked for stays the same
 * number of images, so the largest catalog should be about as fast as the smallest.
 */
final class Catalogs {
  private static final int CONNECTIONS = 16;

  /** How many times as slow the largest may be. */
  private static final double TARGET = 1.3;

  private final VitrineProcess server;
  private final Settings settings;
  private final Wrk wrk;

  Catalogs(VitrineProcess server, Settings settings) {
    this.server = server;
    this.settings = settings;
    this.wrk = new Wrk(server, settings.seconds());
  }

  void run(Report report) throws Exception {
    int present = 0;
    var smallest = new LinkedHashMap<String, Wrk.Result>();
    for (int size : settings.catalogs()) {
      fill(present, size);
      warmUp(requests(size).values(), present == 0 ? 2 : 1);
      present = size;
      for (var request : requests(size).entrySet()) {
        var name = "%s of %,d, requests/s".formatted(request.getKey(), size);
        var result = measure(request.getValue(), name);
        var first = smallest.putIfAbsent(request.getKey(), result);
        if (first == null) {
          report.plain(result.rate());
          report.plain(result.p50());
          report.plain(result.p99());
        } else {
          report.atLeast(result.rate(), first.rate(), 1 / TARGET);
          report.atMost(result.p50(), first.p50(), TARGET);
          report.atMost(result.p99(), first.p99(), TARGET);
        }
      }
    }
  }

  /** The first catalog needs more, as it would be measured on code that is not compiled yet. */
  private void warmUp(Collection<String> paths, int rounds) throws Exception {
    for (int round = 0; round < rounds; round++) {
      for (var path : paths) {
        wrk.run(path, CONNECTIONS, Wrk.Result.named("warm-up"));
      }
    }
  }

  private Wrk.Result measure(String path, String name) throws Exception {
    var result = Wrk.Result.named(name);
    for (int round = 0; round < settings.rounds(); round++) {
      wrk.run(path, CONNECTIONS, result);
    }
    return result;
  }

  /** Each finds 25 images, but for the name, which one has. */
  private static Map<String, String> requests(int size) {
    var paths = new LinkedHashMap<String, String>();
    paths.put("first page", "/v2/images?limit=25");
    paths.put("deep page", "/v2/images?limit=25&marker=" + id(size / 2));
    paths.put("by name", "/v2/images?limit=25&name=row-77");
    paths.put("by tag", "/v2/images?limit=25&tag=tag-7");
    paths.put("by owner", "/v2/images?limit=25&owner=project-7");
    paths.put("by property", "/v2/images?limit=25&build=build-7");
    paths.put("show", "/v2/images/" + id(77));
    return paths;
  }

  private static String id(int number) {
    return "00000000-0000-4000-8000-%012x".formatted(number);
  }

  private void fill(int from, int to) throws IOException, InterruptedException {
    server.sql(
        """
        insert into images (id, name, status, visibility, protected, hidden, owner, disk_format, container_format,
          min_disk, min_ram, size, checksum, hash_algo, hash_value, tags, properties, created_at, updated_at)
        select ('00000000-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'row-' || i, 'active',
          case when i %% 4 = 0 then 'public' else 'private' end, false, false, 'project-' || i / 25, 'raw', 'bare',
          0, 0, 1000 + i, md5(i::text), 'sha512', md5(i::text), array['common', 'tag-' || i / 25],
          jsonb_build_object('os_distro', 'debian', 'build', 'build-' || i / 25),
          '2026-01-01'::timestamptz + i * interval '1 second', '2026-01-01'::timestamptz + i * interval '1 second'
        from generate_series(%d, %d) i
        """
            .formatted(from, to - 1));
    server.sql("vacuum analyze images, members");
    // Else what was written here is flushed for minutes to come, while it is measured.
    server.sql("checkpoint");
  }

  static List<Integer> sizes(String text) {
    var sizes = new ArrayList<Integer>();
    for (var size : text.split(",", -1)) {
      sizes.add(Integer.parseInt(size.strip()));
    }
    return List.copyOf(sizes);
  }
}
