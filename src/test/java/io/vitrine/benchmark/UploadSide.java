package io.vitrine.benchmark;

import java.nio.file.Path;
import java.util.List;

/** One of the servers that take uploads in turns. */
final class UploadSide {
  final Series sized;
  final Series sizedCpu = new Series("the same, server's CPU s/GiB");
  final Series chunked;
  final Series chunkedCpu = new Series("the same, server's CPU s/GiB");
  final Series first;
  final Series second;

  private final ImageServer server;
  private final Path data;
  private final Settings settings;

  UploadSide(ImageServer server, Path data, Settings settings) {
    this.server = server;
    this.data = data;
    this.settings = settings;
    sized = new Series(server.name() + ", upload with length, MiB/s");
    chunked = new Series(server.name() + ", upload chunked, MiB/s");
    first = new Series(server.name() + ", first download after the upload, MiB/s");
    second = new Series(server.name() + ", second download, MiB/s");
  }

  ImageServer server() {
    return server;
  }

  List<Series> all() {
    return List.of(sized, sizedCpu, chunked, chunkedCpu, first, second);
  }

  void measure() throws Exception {
    var image = server.create("upload");
    upload(image, sized, sizedCpu);
    download(image, first);
    download(image, second);
    server.delete(image);
    var other = server.create("upload");
    upload(other, chunked, chunkedCpu, "-H", "Transfer-Encoding: chunked");
    server.delete(other);
  }

  private void upload(String image, Series rate, Series cpu, String... options) throws Exception {
    double cpuBefore = server.cpuSeconds();
    rate.add(settings.sizeMib() / Curl.upload(server.url(image + "/file"), data, options));
    cpu.add((server.cpuSeconds() - cpuBefore) / settings.sizeGib());
  }

  private void download(String image, Series rate) throws Exception {
    var client = new DownloadClient(server, image + "/file", 1);
    rate.add(settings.sizeMib() / client.readWhole(settings.sizeBytes()));
  }
}
