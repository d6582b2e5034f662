package io.vitrine.importer.distribute;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.Pipe;
import io.vitrine.access.signature.SignatureProperties;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.fetch.WebStores;
import io.vitrine.image.ContentSignature;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.Download;
import io.vitrine.importer.blob.EarlyBlob;
import io.vitrine.importer.blob.UncommittedBlob;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.run.StepMeter;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.importer.transform.ImportContent;
import io.vitrine.net.address.Url;
import io.vitrine.net.stream.SizedStream;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSink;
import io.vitrine.transfer.stream.BlobSource;
import io.vitrine.transfer.stream.FileStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Writes data to stores. Every method blocks, as those of {@link BlobWrites}. */
public final class StoreWriter {
  private final Vertx vertx;
  private final BlobWrites writes;
  private final Certificates certificates;
  private final WebStores webStores;

  /** Finds the certificates that verify the data of imports. */
  @FunctionalInterface
  public interface Certificates {
    /** The public key of a certificate that was named when the image's import was requested. */
    Future<Optional<String>> find(ImageId image, String certificate);
  }

  /**
   * Writes to the stores of a node.
   *
   * @param webStores the stores whose data is on other servers
   */
  public StoreWriter(
      Vertx vertx, BlobWrites writes, Certificates certificates, WebStores webStores) {
    this.vertx = vertx;
    this.writes = writes;
    this.certificates = certificates;
    this.webStores = webStores;
  }

  /** Writes data to a store, unless the store has all of it and only makes it durable. */
  UncommittedBlob write(TaskRun<?> run, ImportContent content, String store) {
    var early = content.early().filter(blob -> blob.ref().store().equals(store));
    if (early.isPresent()) {
      if (early.get().isOfUse()) {
        return finish(run, early.get());
      }
      early.get().abandon();
    }
    return write(run, content.source().get(), store, content.declared());
  }

  private UncommittedBlob finish(TaskRun<?> run, EarlyBlob early) {
    var blob = early.ref();
    var meter =
        StepMeter.of(Step.Simple.STORING, early::sentBytes, OptionalLong.of(early.sizeBytes()));
    return writes.orAbandon(
        blob,
        () -> {
          run.begin(meter.in(blob.store()), early::stop);
          return early.finish();
        });
  }

  /** Writes a source to a store. Data that is new to the image must match its signature. */
  private UncommittedBlob write(
      TaskRun<?> run, BlobSource source, String store, Message.Content declared) {
    var content =
        declared.isInspected() ? declared.signed(signature(run.task().image())) : declared;
    var plan = BlobPlan.image(store, writes.node(), Optional.of(source.sizeBytes()));
    return switch (source) {
      case BlobSource.OnWeb(var origin, Url url, ByteRange range) -> {
        var fetcher = webStores.fetcher(origin);
        var blob = writes.begin(run, plan);
        yield writes.download(
            run,
            new Download.Order(
                () -> fetcher.download(url),
                blob,
                Optional.of(content),
                range.length(),
                List.of()));
      }
      case BlobSource.InStream(var stream) -> write(run, stream, plan, content);
      case BlobSource.InFile file ->
          write(run, FileStream.open(vertx, file).await(), plan, content);
    };
  }

  /** Commits a written blob to the catalog; abandons it if that fails. */
  void commit(UncommittedBlob written, Supplier<Future<Void>> commit) {
    var _ = writes.orAbandon(written.blob(), () -> commit.get().await());
  }

  private UncommittedBlob write(
      TaskRun<?> run, SizedStream source, BlobPlan plan, Message.Content content) {
    try {
      return pipe(run, source, writes.begin(run, plan), content);
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
                certificates
                    .find(image.id(), declared.certificate())
                    .await()
                    .map(declared::with)
                    .orElseThrow(
                        () ->
                            invalid(
                                "The image names a different certificate than when its import was requested.")));
  }

  private UncommittedBlob pipe(
      TaskRun<?> run, SizedStream source, BlobRef blob, Message.Content content) {
    long size = source.sizeBytes();
    // The pipe pauses the source until the store is ready.
    var pipe = source.pipe().endOnFailure(false);
    return writes.orAbandon(
        blob,
        () -> {
          try {
            var sink = writes.open(blob, Optional.of(size), Optional.of(content));
            var step = content.isInspected() ? Step.Simple.STORING : Step.Simple.COPYING;
            var meter = StepMeter.of(step, sink::sentBytes, OptionalLong.of(size));
            return new UncommittedBlob(blob, take(run, meter.in(blob.store()), pipe, sink));
          } catch (Throwable failure) {
            pipe.close();
            throw failure;
          }
        });
  }

  private static Message.Written take(
      TaskRun<?> run, StepMeter meter, Pipe<Buffer> pipe, BlobSink sink) {
    try {
      run.begin(meter, sink::abort);
      sink.take(pipe).await();
      return sink.written().await();
    } catch (Throwable failure) {
      sink.abort();
      throw failure;
    }
  }
}
