package io.vitrine.importer.engine;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.util.OptionalLong;

/** A converter whose images hold the names of their formats and the length of the source. */
public final class FakeConverter implements Converter {
  private final Runnable onStart;
  private final Promise<Void> done = Promise.promise();

  /** One that has converted when it has started. */
  public FakeConverter() {
    onStart = done::tryComplete;
  }

  private FakeConverter(Runnable onStart) {
    this.onStart = onStart;
  }

  /** One that does not end unless it is cancelled. */
  public static FakeConverter endless(Runnable onStart) {
    return new FakeConverter(onStart);
  }

  public boolean isCancelled() {
    return done.future().failed();
  }

  @Override
  public void requireAvailable() {}

  @Override
  public void requireWithinLimits(OptionalLong virtualSizeBytes) {}

  @Override
  public Conversion convert(DiskImage source, DiskImage target) throws IOException {
    Files.writeString(
        target.file(),
        "%s from %s of %d".formatted(target.format(), source.format(), Files.size(source.file())));
    onStart.run();
    return new FakeConversion();
  }

  private final class FakeConversion implements Conversion {
    @Override
    public double percent() {
      return 100;
    }

    @Override
    public Future<Void> done() {
      return done.future();
    }

    @Override
    public void cancel() {
      done.tryFail("cancelled");
    }
  }
}
