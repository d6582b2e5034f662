package io.vitrine.store.s3;

import io.vitrine.store.blob.BlobWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a blob that comes in one request. For one thread at a time. */
final class S3BlobWriter implements BlobWriter {
  private static final Logger log = LoggerFactory.getLogger(S3BlobWriter.class);

  private final S3Calls calls;
  private final String key;
  private final PartStream stream;
  private final Runnable onEnd;
  private boolean isEnded;

  S3BlobWriter(S3Calls calls, String key, PartStream stream, Runnable onEnd) {
    this.calls = calls;
    this.key = key;
    this.stream = stream;
    this.onEnd = onEnd;
  }

  @Override
  public void write(ByteBuffer... data) throws IOException {
    if (isEnded) {
      throw new ClosedChannelException();
    }
    stream.write(data);
  }

  @Override
  public void commit() throws IOException {
    if (isEnded) {
      throw new ClosedChannelException();
    }
    try {
      stream.finish();
      end();
    } catch (IOException | RuntimeException failure) {
      abort();
      throw failure;
    }
  }

  @Override
  public void abort() {
    end();
    try {
      // A part that arrives after the abort would stay forever.
      stream.await();
      if (stream.upload().isPresent()) {
        calls.abort(stream.upload().get());
      }
      if (stream.isPut()) {
        calls.delete(key);
      }
    } catch (IOException failure) {
      log.atWarn()
          .addKeyValue("object", key)
          .setCause(failure)
          .log("Cannot remove an aborted blob; garbage collection will");
    }
  }

  private void end() {
    if (!isEnded) {
      isEnded = true;
      onEnd.run();
    }
    stream.close();
  }
}
