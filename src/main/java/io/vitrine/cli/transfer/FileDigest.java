package io.vitrine.cli.transfer;

import io.vertx.core.json.JsonObject;
import io.vitrine.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** Compares a file with the digest that the service has of an image. */
final class FileDigest {
  private static final int PIECE_BYTES = 1 << 20;

  private FileDigest() {}

  /** Fails if the file has other bytes than the image. */
  static void requireSame(Path file, JsonObject image) throws IOException {
    var algorithm = Optional.ofNullable(image.getString("os_hash_algo")).orElse("md5");
    var expected =
        Optional.ofNullable(image.getString("os_hash_value"))
            .or(() -> Optional.ofNullable(image.getString("checksum")));
    if (expected.isPresent() && !of(file, algorithm).equalsIgnoreCase(expected.get())) {
      throw new CommandException(
          "%s and the image %s differ: their %s digests are not equal."
              .formatted(file, image.getString("id"), algorithm));
    }
  }

  private static String of(Path file, String algorithm) throws IOException {
    try (var input = Files.newInputStream(file)) {
      var digest = MessageDigest.getInstance(javaName(algorithm));
      var piece = new byte[PIECE_BYTES];
      for (int count = input.read(piece); count >= 0; count = input.read(piece)) {
        digest.update(piece, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException unknown) {
      throw new CommandException("Java does not know the digest %s.".formatted(algorithm));
    }
  }

  /** Python calls them sha512 and sha3_256, Java SHA-512 and SHA3-256. */
  private static String javaName(String algorithm) {
    var name = algorithm.toUpperCase(Locale.ROOT).replace('_', '-');
    return name.matches("SHA\\d+") ? name.replace("SHA", "SHA-") : name;
  }
}
