package io.vitrine.importer.qemu;

import io.vitrine.image.problem.Problem;
import io.vitrine.importer.engine.DiskImage;
import io.vitrine.importer.engine.RunningConversion;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A conversion by qemu-img. Its processes die with the thread that runs them: see {@link Sandbox}.
 */
final class QemuConversion extends RunningConversion {
  private static final Logger LOG = LoggerFactory.getLogger(QemuConversion.class);

  private final Commands commands;
  private @Nullable Process process;
  private volatile double percent;

  /**
   * The processes, one after the other.
   *
   * @param check finds damage that qemu-img reads as zeros; empty for formats that it cannot check
   */
  record Commands(Optional<ProcessBuilder> check, ProcessBuilder convert) {}

  private record Outcome(int exitStatus, String message) {}

  QemuConversion(DiskImage source, DiskImage target, Commands commands) {
    super(source, target);
    this.commands = commands;
  }

  @Override
  public double percent() {
    return percent;
  }

  @Override
  protected void convert() throws IOException, InterruptedException {
    if (commands.check.isPresent()) {
      requireSound(run(commands.check.get()));
    }
    var outcome = run(commands.convert);
    if (outcome.exitStatus != 0) {
      throw QemuFailure.of(outcome.exitStatus, outcome.message, source().format());
    }
  }

  /**
   * Refuses an image with errors. A check that breaks off for a reason that is not in the image,
   * such as the memory that it takes, decides nothing.
   */
  private void requireSound(Outcome check) {
    switch (check.exitStatus) {
      case CheckStatus.SOUND, CheckStatus.LEAKS, CheckStatus.NOT_SUPPORTED -> {}
      case CheckStatus.CORRUPT -> throw QemuFailure.ofCorrupt(check.message, source().format());
      case CheckStatus.BROKEN_OFF -> {
        var failure = QemuFailure.of(check.exitStatus, check.message, source().format());
        if (failure.problem() instanceof Problem.UnsupportedContent) {
          throw failure;
        }
      }
      default -> throw QemuFailure.of(check.exitStatus, check.message, source().format());
    }
  }

  /** The exit statuses of qemu-img check. */
  private static final class CheckStatus {
    static final int SOUND = 0;
    static final int BROKEN_OFF = 1;
    static final int CORRUPT = 2;
    static final int LEAKS = 3;
    static final int NOT_SUPPORTED = 63;
  }

  private Outcome run(ProcessBuilder builder) throws IOException, InterruptedException {
    var output = new ConversionOutput(reached -> percent = reached);
    var started = begin(builder);
    try {
      output.readAll(started.getInputStream());
      var outcome = new Outcome(started.waitFor(), output.message());
      log(outcome);
      return outcome;
    } finally {
      // It can write to the target for as long as it lives.
      started.destroyForcibly().onExit().join();
    }
  }

  private synchronized Process begin(ProcessBuilder builder) throws IOException {
    if (whyStopped().isPresent()) {
      throw whyStopped().get();
    }
    var started = builder.start();
    process = started;
    return started;
  }

  @Override
  protected void interrupt(Thread thread) {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private void log(Outcome outcome) {
    if (outcome.exitStatus != 0) {
      LOG.atInfo()
          .addKeyValue("format", source().format())
          .addKeyValue("status", outcome.exitStatus)
          .addKeyValue("error", outcome.message.strip().replace('\n', '|'))
          .log("qemu-img did not succeed");
    }
  }
}
