package io.vitrine.store;

import io.vitrine.bus.Message;
import io.vitrine.image.Digests;
import io.vitrine.inspect.FormatInspector;
import io.vitrine.inspect.FormatRules;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Hashes and inspects the data of one transfer; the two digests are computed at the same time. */
final class ContentLanes {
  /** How often {@code done} is called for each piece of data. */
  static final int COUNT = 2;

  private final Message.Content declared;
  private final FormatRules rules;
  private final FormatInspector inspector = new FormatInspector();
  private final MessageDigest md5 = digest("MD5");
  private final MessageDigest sha512 = digest("SHA-512");
  private final Lane md5Lane;
  private final Lane sha512Lane;

  ContentLanes(Executor pool, Message.Content declared, FormatRules rules) {
    this.md5Lane = new Lane(pool);
    this.sha512Lane = new Lane(pool);
    this.declared = declared;
    this.rules = rules;
  }

  void take(ByteBuffer data, Runnable done) {
    sha512Lane.run(
        () -> {
          sha512.update(data.duplicate());
          done.run();
        });
    md5Lane.run(
        () -> {
          md5.update(data.duplicate());
          inspector.update(data.duplicate());
          done.run();
        });
  }

  /**
   * What all data amounts to; fails when its content may not be stored under the declared formats.
   */
  CompletableFuture<Message.Written> finish(long size) {
    var md5Value = new CompletableFuture<String>();
    var sha512Value = new CompletableFuture<String>();
    md5Lane.run(() -> md5Value.complete(HexFormat.of().formatHex(md5.digest())));
    sha512Lane.run(() -> sha512Value.complete(HexFormat.of().formatHex(sha512.digest())));
    return md5Value.thenCombine(
        sha512Value, (weak, strong) -> judge(size, new Digests(weak, Digests.SHA512, strong)));
  }

  private Message.Written judge(long size, Digests digests) {
    var virtualSize =
        declared.isInspected()
            ? rules.accept(inspector.finish(), declared.diskFormat(), declared.containerFormat())
            : OptionalLong.empty();
    return new Message.Written(
        size,
        Optional.of(digests),
        virtualSize.isPresent() ? Optional.of(virtualSize.getAsLong()) : Optional.empty());
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java has " + algorithm, impossible);
    }
  }
}
