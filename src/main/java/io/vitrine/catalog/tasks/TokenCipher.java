package io.vitrine.catalog.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import io.vitrine.image.task.RegionAccess;
import io.vitrine.net.address.Url;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts users' tokens in tasks, so that a copy of the database does not reveal them: AES in
 * Galois/Counter Mode, with a key outside the database, bound to one task.
 */
public final class TokenCipher {
  private static final Logger log = LoggerFactory.getLogger(TokenCipher.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKey key;

  private TokenCipher(byte[] secret) {
    key = derive(secret);
  }

  /** A cipher for all processes with the same secret. */
  public static TokenCipher of(String secret) {
    return new TokenCipher(secret.getBytes(UTF_8));
  }

  /** A cipher for this process only. */
  public static TokenCipher ofThisProcess() {
    var secret = new byte[KEY_BYTES];
    RANDOM.nextBytes(secret);
    return new TokenCipher(secret);
  }

  /** HKDF (RFC 5869), so that other uses of the same secret get other keys. */
  private static SecretKey derive(byte[] secret) {
    try {
      var purpose = "vitrine glance-download".getBytes(UTF_8);
      return KDF.getInstance("HKDF-SHA256")
          .deriveKey(
              "AES", HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(purpose, KEY_BYTES));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible); // Java 25 has HKDF
    }
  }

  JsonObject encrypt(UUID task, RegionAccess access) {
    var text =
        new JsonObject()
            .put("endpoint", access.endpoint().toString())
            .put("token", access.token())
            .encode();
    var nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      var sealed = cipher(Cipher.ENCRYPT_MODE, nonce, task).doFinal(text.getBytes(UTF_8));
      var whole = ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
      return new JsonObject().put("sealed", Base64.getEncoder().encodeToString(whole));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible); // any text can be sealed
    }
  }

  /** The unsealed token; empty if there is none, or it was sealed with another key. */
  Optional<RegionAccess> decrypt(UUID task, @Nullable JsonObject stored) {
    if (stored == null) {
      return Optional.empty();
    }
    try {
      var whole = Base64.getDecoder().decode(stored.getString("sealed", ""));
      var nonce = new byte[NONCE_BYTES];
      var sealed = ByteBuffer.wrap(whole).get(nonce);
      var opened = cipher(Cipher.DECRYPT_MODE, nonce, task);
      var text = opened.doFinal(whole, sealed.position(), sealed.remaining());
      var access = new JsonObject(new String(text, UTF_8));
      return Optional.of(
          new RegionAccess(Url.parse(access.getString("endpoint")), access.getString("token")));
    } catch (GeneralSecurityException | RuntimeException unreadable) {
      log.atWarn()
          .addKeyValue("task_id", task)
          .log(
              "Another node sealed the task with a different key; all nodes need the same"
                  + " import.glance_download.token_key");
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce, UUID task) throws GeneralSecurityException {
    var cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(task.toString().getBytes(UTF_8));
    return cipher;
  }
}
