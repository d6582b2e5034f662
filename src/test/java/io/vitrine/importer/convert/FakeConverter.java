package io.vitrine.importer.convert;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.util.OptionalLong;

/** A converter whose images hold the names of their formats and the length of the source. */
public final class FakeConverter implements Converter {
  @Override
  public void requireAvailable() {}

  @Override
  public void requireWithinLimits(OptionalLong virtualSizeBytes) {}

  @Override
  public Conversion convert(DiskImage source, DiskImage target) throws IOException {
    Files.writeString(
        target.file(),
        "%s from %s of %d".formatted(target.format(), source.format(), Files.size(source.file())));
    return new Ended();
  }

  private record Ended() implements Conversion {
    @Override
    public double percent() {
      return 100;
    }

    @Override
    public Future<Void> done() {
      return Future.succeededFuture();
    }

    @Override
    public void cancel() {}
  }
}
