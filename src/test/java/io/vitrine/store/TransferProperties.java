package io.vitrine.store;

import static io.vitrine.store.TestingContent.bytes;
import static io.vitrine.store.TestingContent.digests;
import static io.vitrine.store.TestingContent.pieces;
import static io.vitrine.store.TestingNode.blob;
import static io.vitrine.store.TestingNode.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.transfer.bus.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;

/** What must hold however content is cut into pieces. */
class TransferProperties {
  private final Path directory = Files.createTempDirectory("transfers");
  private final TestingNode node = new TestingNode(directory, Duration.ofSeconds(10));

  TransferProperties() throws Exception {}

  @Property(tries = 100)
  void cuttingDoesNotMatter(
      @ForAll @IntRange(max = 400_000) int size,
      @ForAll @Size(min = 1, max = 9) List<@IntRange(min = 1, max = 150_000) Integer> cuts)
      throws Exception {
    var content = bytes(size);
    var target = blob();

    var written =
        node.await(
            () ->
                node.near
                    .write(
                        target,
                        size,
                        Optional.of((long) size),
                        Optional.of(new Message.Content("raw", "bare")))
                    .compose(
                        sink ->
                            send(
                                sink,
                                pieces(
                                    content,
                                    cuts.stream().map(cut -> least(cut, size)).toList()))));

    assertThat(written.digests()).contains(digests(content));
    assertThat(node.store.file(target).orElseThrow()).hasBinaryContent(content.getBytes());
    assertThat(
            node.await(() -> node.far.read(target, Optional.empty()).compose(TestingNode::receive)))
        .isEqualTo(content);
    assertThat(node.await(() -> node.near.delete(target, TestingNode.NAME))).isTrue();
  }

  /** Small pieces of large content take long and show nothing new. */
  private static int least(int cut, int size) {
    return Math.max(cut, size / 1000);
  }

  @AfterProperty
  void close() throws Exception {
    node.close();
    try (var tree = Files.walk(directory)) {
      for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
