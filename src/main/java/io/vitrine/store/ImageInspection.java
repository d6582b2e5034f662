package io.vitrine.store;

import io.vertx.core.Future;
import io.vitrine.access.signature.SignatureVerifier;
import io.vitrine.format.FormatInspector;
import io.vitrine.format.FormatRules;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.transfer.bus.Message;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

/**
 * Computes digests of a transfer's data in parallel, inspects its format, and verifies its
 * signature if there is one.
 */
final class ImageInspection {
  private final Message.Content declared;
  private final FormatRules rules;
  private final FormatInspector inspector = new FormatInspector();
  private final StreamDigest md5;
  private final StreamDigest sha512;
  private final StreamDigest sha256;
  private final Optional<SignatureVerifier> verifier;

  /** A digest that only the signature needs. */
  private final Optional<StreamDigest> signed;

  /** Fails if the signature could not be verified whatever the data. */
  ImageInspection(Executor pool, Message.Content declared, FormatRules rules) {
    this.md5 = new StreamDigest(pool, HashAlgorithm.MD5);
    this.sha512 = new StreamDigest(pool, HashAlgorithm.SHA512);
    this.sha256 = new StreamDigest(pool, HashAlgorithm.SHA256);
    this.verifier = declared.signature().map(SignatureVerifier::of);
    this.signed =
        verifier
            .map(SignatureVerifier::hashMethod)
            .filter(method -> method != HashAlgorithm.SHA512 && method != HashAlgorithm.SHA256)
            .map(method -> new StreamDigest(pool, method));
    this.declared = declared;
    this.rules = rules;
  }

  /** Adds data; each computation is a part of the work on it. */
  void take(ByteBuffer[] data, Countdown work) {
    sha512.take(data, work);
    sha256.take(data, work);
    signed.ifPresent(digest -> digest.take(data, work));
    md5.take(data, work, () -> inspect(data));
  }

  private void inspect(ByteBuffer[] data) {
    for (var piece : data) {
      inspector.update(piece.duplicate());
    }
  }

  /**
   * The result of all data; fails if the content does not match the declared formats or signature.
   */
  Future<Message.Written> finish(long size) {
    var strong = sha512.finish();
    var usual = sha256.finish();
    var verified =
        signed
            .map(StreamDigest::finish)
            .orElse(isSignedBy(HashAlgorithm.SHA256) ? usual : strong)
            .map(this::verified);
    return md5.finish()
        .compose(weak -> strong.map(digest -> digests(weak, digest)))
        .compose(digests -> usual.map(digest -> completed(digests, digest)))
        .map(digests -> judge(size, digests))
        .compose(written -> verified.map(written));
  }

  /** The digest, whose signature is right if there is one. */
  private byte[] verified(byte[] digest) {
    verifier.ifPresent(each -> each.require(digest));
    return digest;
  }

  private boolean isSignedBy(HashAlgorithm method) {
    return verifier.map(SignatureVerifier::hashMethod).filter(method::equals).isPresent();
  }

  private static Digests digests(byte[] md5, byte[] sha512) {
    var hex = HexFormat.of();
    return new Digests(hex.formatHex(md5), HashAlgorithm.SHA512, hex.formatHex(sha512));
  }

  private static Digests completed(Digests digests, byte[] sha256) {
    return new Digests(
        digests.md5(), digests.algorithm(), digests.value(), HexFormat.of().formatHex(sha256));
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
}
