package io.vitrine.importer;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.OpenOptions;
import io.vitrine.bus.Message;
import io.vitrine.catalog.BlobJournal;
import io.vitrine.catalog.BlobPlan;
import io.vitrine.catalog.ImportKeys;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.LastingBody;
import io.vitrine.image.BlobRef;
import io.vitrine.image.ByteRange;
import io.vitrine.image.ContentSignature;
import io.vitrine.image.HashClaim;
import io.vitrine.image.Image;
import io.vitrine.image.ImportMethod;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.signature.SignatureProperties;
import io.vitrine.stream.BlobSource;
import io.vitrine.stream.FileStream;
import io.vitrine.stream.SizedStream;
import io.vitrine.stream.StoreClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** What imports are made of. Every method waits, on the import verticle's virtual threads only. */
final class Steps {
  private final Vertx vertx;
  private final Context loop;
  private final BlobJournal journal;
  private final ImportKeys keys;
  private final StoreClient stores;
  private final Fetcher fetcher;
  private final String node;
  private final long sizeCapBytes;

  Steps(
      Vertx vertx,
      Context loop,
      BlobJournal journal,
      ImportKeys keys,
      StoreClient stores,
      Fetcher fetcher,
      String node,
      long sizeCapBytes) {
    this.vertx = vertx;
    this.loop = loop;
    this.journal = journal;
    this.keys = keys;
    this.stores = stores;
    this.fetcher = fetcher;
    this.node = node;
    this.sizeCapBytes = sizeCapBytes;
  }

  /** A blob that is durable in its store but not yet in the catalog. */
  record Stored(BlobRef blob, Message.Written written) {}

  /** Fetches a URL into staging. */
  Stored download(Job job, ImportMethod.WebDownload method) {
    return download(job, () -> fetcher.download(method.uri()), method.digest().stream().toList());
  }

  /** Fetches what another server sends into staging. */
  Stored download(Job job, Supplier<Future<LastingBody>> source, List<HashClaim> claims) {
    var blob = begin(job, BlobPlan.staging(node, Optional.empty()));
    return fetch(job, new Download.Order(source, blob, Optional.empty(), sizeCapBytes, claims));
  }

  private Stored fetch(Job job, Download.Order order) {
    try {
      var download = Download.start(job.on(loop), stores, order);
      job.begin(download.meter(), download::cancel);
      return new Stored(order.blob(), download.done().await());
    } catch (Exception failure) {
      journal.abort(order.blob()).await();
      throw failure;
    }
  }

  /** Gives up what was stored but could not be put into the catalog. */
  void abandon(BlobRef blob) {
    journal.abort(blob).await();
  }

  /** Writes a source to a store; what is new to the image must fit its signature. */
  Stored store(Job job, BlobSource source, String store, Message.Content declared) {
    var content =
        declared.isInspected() ? declared.signed(signature(job.task().image())) : declared;
    var doing = declared.isInspected() ? "Storing" : "Copying";
    var plan = BlobPlan.image(store, node, Optional.of(source.sizeBytes()));
    return switch (source) {
      case BlobSource.OnWeb(URI url, ByteRange range) -> {
        var blob = begin(job, plan);
        yield fetch(
            job,
            new Download.Order(
                () -> fetcher.download(url),
                blob,
                Optional.of(content),
                range.length(),
                List.of()));
      }
      case BlobSource.InStream(var stream) -> store(job, doing, stream, plan, content);
      case BlobSource.InFile file ->
          store(job, doing, FileStream.open(vertx, file).await(), plan, content);
    };
  }

  private Stored store(
      Job job, String doing, SizedStream source, BlobPlan plan, Message.Content content) {
    try {
      return pipe(job, doing, source, begin(job, plan), content);
    } finally {
      source.abort();
    }
  }

  /** What the stored data must fit, converted or not, for that is what consumers verify. */
  private Optional<ContentSignature> signature(Image image) {
    return SignatureProperties.of(image.properties())
        .map(
            declared ->
                keys.find(image.id(), declared.certificate())
                    .await()
                    .map(declared::with)
                    .orElseThrow(
                        () ->
                            new ProblemException(
                                new Problem.Invalid(
                                    "The image names another certificate than when its import was"
                                        + " asked for."))));
  }

  /**
   * Finds staged data as a file of this machine; data of another node is copied to the scratch
   * directory first.
   */
  Path toFile(Job job, BlobSource source, Path scratch) {
    return switch (source) {
      case BlobSource.InFile file -> file.path();
      case BlobSource.OnWeb web -> throw new IllegalArgumentException("staged data is ours");
      case BlobSource.InStream(var stream) -> {
        var target = scratch.resolve("source");
        job.begin(() -> "Bringing the staged data to this worker", stream::abort);
        var file = vertx.fileSystem().open(target.toString(), new OpenOptions()).await();
        stream.pipe().endOnFailure(false).to(file).await();
        yield target;
      }
    };
  }

  /** Fails unless a file of this machine hashes to what a user says. */
  void verify(Job job, Path file, HashClaim claim) throws IOException {
    var check = new FileHash(file, claim);
    long size = Files.size(file);
    job.begin(StepMeter.of("Verifying", check::doneBytes, OptionalLong.of(size)), check::cancel);
    vertx.executeBlocking(check, false).await();
  }

  private BlobRef begin(Job job, BlobPlan plan) {
    return journal.beginForImport(job.task().image(), plan).await();
  }

  private Stored pipe(
      Job job, String doing, SizedStream source, BlobRef blob, Message.Content content) {
    long size = source.sizeBytes();
    // Held back by its pipe until the store is ready.
    var pipe = source.pipe().endOnFailure(false);
    try {
      var sink = stores.write(blob, sizeCapBytes, Optional.of(size), Optional.of(content)).await();
      try {
        var meter = StepMeter.of(doing, sink::sentBytes, OptionalLong.of(size));
        job.begin(meter.in(blob.store()), sink::abort);
        sink.take(pipe).await();
        return new Stored(blob, sink.written().await());
      } catch (Exception failure) {
        sink.abort();
        throw failure;
      }
    } catch (Exception failure) {
      pipe.close();
      journal.abort(blob).await();
      throw failure;
    }
  }
}
