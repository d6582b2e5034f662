package io.vitrine.importer.acquire;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.streams.Pipe;
import io.vitrine.access.signature.SignatureProperties;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.catalog.tasks.ImportKeys;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.ResumingBody;
import io.vitrine.fetch.WebStores;
import io.vitrine.image.ContentSignature;
import io.vitrine.image.Digests;
import io.vitrine.image.Image;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.importer.job.Damage;
import io.vitrine.importer.job.Job;
import io.vitrine.importer.job.StagingLoss;
import io.vitrine.importer.job.StepMeter;
import io.vitrine.net.address.Url;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSink;
import io.vitrine.transfer.stream.BlobSource;
import io.vitrine.transfer.stream.FileStream;
import io.vitrine.transfer.stream.SizedStream;
import io.vitrine.transfer.stream.StoreClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The building blocks of imports. Every method blocks; call them on the import verticle's virtual
 * threads only.
 */
public final class Steps {
  private static final Logger log = LoggerFactory.getLogger(Steps.class);

  private final Vertx vertx;
  private final Context loop;
  private final BlobJournal journal;
  private final ImportKeys keys;
  private final StoreClient stores;
  private final Fetcher fetcher;
  private final WebStores webStores;
  private final String node;
  private final long sizeCapBytes;

  /**
   * Works with the stores and sources of this node.
   *
   * @param loop the event loop for transfers
   * @param sizeCapBytes the largest image accepted
   */
  public Steps(
      Vertx vertx,
      Context loop,
      BlobJournal journal,
      ImportKeys keys,
      StoreClient stores,
      Fetcher fetcher,
      WebStores webStores,
      String node,
      long sizeCapBytes) {
    this.vertx = vertx;
    this.loop = loop;
    this.journal = journal;
    this.keys = keys;
    this.stores = stores;
    this.fetcher = fetcher;
    this.webStores = webStores;
    this.node = node;
    this.sizeCapBytes = sizeCapBytes;
  }

  /** A blob that is durable in its store but not yet in the catalog. */
  public record Stored(BlobRef blob, Message.Written written) {
    /** The blob as the catalog records it. */
    public StoredBlob toBlob() {
      return new StoredBlob(blob, written.sizeBytes(), written.digests().map(Digests::value));
    }
  }

  /** Downloads a URL into staging. */
  public Stored download(Job job, ImportMethod.WebDownload method) {
    return download(job, () -> fetcher.download(method.uri()), method.digest().stream().toList());
  }

  /** Downloads a remote stream into staging. */
  public Stored download(Job job, Supplier<Future<ResumingBody>> source, List<HashClaim> claims) {
    var blob = begin(job, BlobPlan.staging(node, Optional.empty()));
    return fetch(job, new Download.Order(source, blob, Optional.empty(), sizeCapBytes, claims));
  }

  private Stored fetch(Job job, Download.Order order) {
    return orAbandon(
        order.blob(),
        () -> {
          var download = Download.start(job.on(loop), stores, order);
          job.begin(download.meter(), download::cancel);
          return new Stored(order.blob(), download.done().await());
        });
  }

  /** Runs the work that commits the blob to the catalog; abandons the blob if it fails. */
  public <T> T orAbandon(BlobRef blob, Supplier<T> work) {
    try {
      return work.get();
    } catch (Throwable failure) {
      abandon(blob);
      throw failure;
    }
  }

  /**
   * Abandons a blob unless it was committed after all, which a lost connection may have hidden. If
   * that fails now, the blob is collected when its lease expires. Otherwise its bytes are deleted
   * too: if this process stalled, others may have abandoned the blob before the bytes arrived.
   */
  void abandon(BlobRef blob) {
    try {
      boolean isKept = journal.abort(blob).await();
      if (!isKept) {
        stores.delete(blob, blob.node()).await();
      }
    } catch (Exception failure) {
      log.info("blob={} is left to its lease: {}", blob.id(), failure.toString());
    }
  }

  /** Writes a source to a store. Data that is new to the image must match its signature. */
  public Stored store(Job job, BlobSource source, String store, Message.Content declared) {
    var content =
        declared.isInspected() ? declared.signed(signature(job.task().image())) : declared;
    var doing = declared.isInspected() ? "Storing" : "Copying";
    var plan = BlobPlan.image(store, node, Optional.of(source.sizeBytes()));
    return switch (source) {
      case BlobSource.OnWeb(var origin, Url url, ByteRange range) -> {
        var fetching = webStores.fetcher(origin);
        var blob = begin(job, plan);
        yield fetch(
            job,
            new Download.Order(
                () -> fetching.download(url),
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

  /**
   * The signature that stored data must match, even after a conversion, because consumers verify
   * what is stored.
   */
  private Optional<ContentSignature> signature(Image image) {
    return SignatureProperties.of(image.properties())
        .map(
            declared ->
                keys.find(image.id(), declared.certificate())
                    .await()
                    .map(declared::with)
                    .orElseThrow(
                        () ->
                            invalid(
                                "The image names another certificate than when its import was"
                                    + " asked for.")));
  }

  /**
   * Returns staged data as a local file; data on another node is copied to the scratch directory.
   */
  public Path toFile(Job job, BlobSource source, Path scratch) {
    return switch (source) {
      case BlobSource.InFile file -> file.path();
      case BlobSource.OnWeb web -> throw new IllegalArgumentException("staged data is ours");
      case BlobSource.InStream(var stream) -> {
        var target = scratch.resolve("source");
        job.begin(() -> "Bringing the staged data to this worker", stream::abort);
        var file = vertx.fileSystem().open(target.toString(), new OpenOptions()).await();
        try {
          stream.pipe().endOnFailure(false).to(file).await();
        } catch (Throwable failure) {
          stream.abort();
          file.close();
          throw failure;
        }
        yield target;
      }
    };
  }

  /** Fails unless a local file has the claimed digest. */
  public void verify(Job job, Path file, HashClaim claim) throws IOException {
    long size = Files.size(file);
    var hash = FileHash.start(file, claim.algorithm());
    job.begin(StepMeter.of("Verifying", hash::doneBytes, OptionalLong.of(size)), hash::cancel);
    var found = hash.done().await();
    if (!found.equals(claim.value())) {
      throw invalid(claim.mismatch(found));
    }
  }

  /** Opens staged data; fails if its size differs from the staged size. */
  public BlobSource open(StoredBlob staged) {
    try {
      var source = stores.read(staged.blob(), Optional.empty()).await();
      if (source.sizeBytes() != staged.sizeBytes()) {
        close(source);
        throw new StagingLoss(
            Damage.wrongSize("The staged data", source.sizeBytes(), staged.sizeBytes()));
      }
      return source;
    } catch (ProblemException unreadable) {
      if (unreadable.problem() instanceof Problem.NotFound
          || unreadable.problem() instanceof Problem.Missing) {
        throw new StagingLoss(
            new Problem.Invalid(
                "The staged data is gone: 0 of %d bytes are there. Stage it again."
                    .formatted(staged.sizeBytes())));
      }
      throw unreadable;
    }
  }

  /** Opens a copy of an image's data; fails if its size differs from the image's. */
  public BlobSource open(BlobRef copy, OptionalLong sizeBytes) {
    boolean isElsewhere = copy.url().isPresent();
    var range =
        isElsewhere && sizeBytes.isPresent()
            ? Optional.of(new ByteRange(0, sizeBytes.getAsLong()))
            : Optional.<ByteRange>empty();
    var source = stores.read(copy, range).await();
    if (source.sizeBytes() != sizeBytes.orElse(source.sizeBytes())) {
      close(source);
      throw new ProblemException(
          Damage.wrongSize(
              "The data in store " + copy.store(), source.sizeBytes(), sizeBytes.getAsLong()));
    }
    return source;
  }

  private static void close(BlobSource source) {
    if (source instanceof BlobSource.InStream(var stream)) {
      stream.abort();
    }
  }

  private BlobRef begin(Job job, BlobPlan plan) {
    return journal.beginForImport(job.task().image(), plan).await();
  }

  private Stored pipe(
      Job job, String doing, SizedStream source, BlobRef blob, Message.Content content) {
    long size = source.sizeBytes();
    // // The pipe pauses the source until the store is ready.
    var pipe = source.pipe().endOnFailure(false);
    return orAbandon(
        blob,
        () -> {
          try {
            var sink =
                stores.write(blob, sizeCapBytes, Optional.of(size), Optional.of(content)).await();
            var meter = StepMeter.of(doing, sink::sentBytes, OptionalLong.of(size));
            return new Stored(blob, take(job, meter.in(blob.store()), pipe, sink));
          } catch (Throwable failure) {
            pipe.close();
            throw failure;
          }
        });
  }

  private static Message.Written take(Job job, StepMeter meter, Pipe<Buffer> pipe, BlobSink sink) {
    try {
      job.begin(meter, sink::abort);
      sink.take(pipe).await();
      return sink.written().await();
    } catch (Throwable failure) {
      sink.abort();
      throw failure;
    }
  }
}
