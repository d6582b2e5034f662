package io.vitrine.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.data.UploadWireTest;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilePieceTest {
  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @CsvSource({"1, 1", "10, 3", "16, 16", "17, 16", "9223372036854775807, 16"})
  void splitsAFileEvenly(long size, int count) {
    var pieces = FilePiece.split(directory, size, count);
    var sizes = pieces.stream().mapToLong(FilePiece::bytes).boxed().toList();

    assertThat(sizes).hasSize(count);
    assertThat(sizes.stream().mapToLong(each -> each).sum()).isEqualTo(size);
    assertThat(sizes.getFirst() - sizes.getLast()).isBetween(0L, 1L);
  }

  @Test
  void readsNoMoreThanThePiece() throws Exception {
    var data = UploadWireTest.data(1_000_003);
    var file = Files.write(directory.resolve("file"), data);
    var all = new ByteArrayOutputStream();

    for (var piece : FilePiece.split(file, data.length, 4)) {
      all.write(read(piece.after(0)));
      assertThat(piece.sent()).isEqualTo(piece.bytes());
      assertThat(read(piece.after(100))).hasSize((int) piece.bytes() - 100);
    }

    assertThat(all.toByteArray()).isEqualTo(data);
  }

  @Test
  void tellsHowMuchOfItHasBeenSent() {
    var piece = FilePiece.split(directory, 100, 1).getFirst();
    assertThat(piece.sent()).isZero();

    piece.reach(70);

    assertThat(piece.sent()).isEqualTo(70);
    assertThat(piece.after(70).contentLength()).isEqualTo(30);
  }

  private static byte[] read(BodyPublisher body) throws Exception {
    var bytes = BodySubscribers.ofByteArray();
    body.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            bytes.onSubscribe(subscription);
          }

          @Override
          public void onNext(ByteBuffer piece) {
            bytes.onNext(List.of(piece));
          }

          @Override
          public void onError(Throwable failure) {
            bytes.onError(failure);
          }

          @Override
          public void onComplete() {
            bytes.onComplete();
          }
        });
    return bytes.getBody().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
