package io.vitrine.catalog.tickets;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitrine.image.HashAlgorithm;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * What whoever uses a ticket must know. It is in the URL and nowhere else: the catalog has its
 * digest.
 */
public record TicketSecret(String text) {
  /** How secrets begin, so that people and scanners recognise them. */
  public static final String PREFIX = "vtk_";

  private static final int RANDOM_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A secret of 256 random bits. */
  public static TicketSecret random() {
    var bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    return new TicketSecret(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** The SHA-256 of the text, in hexadecimal. */
  String digest() {
    return HexFormat.of().formatHex(HashAlgorithm.SHA256.begin().digest(text.getBytes(UTF_8)));
  }

  /** Does not show the secret. */
  @Override
  public String toString() {
    return PREFIX + "…";
  }
}
