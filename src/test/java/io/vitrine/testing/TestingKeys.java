package io.vitrine.testing;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;

/** RSA keys, which take long to make: a few for all tests of this JVM. */
public final class TestingKeys {
  private static final int PAIRS = 4;
  private static final int BITS = 2048;
  private static final List<KeyPair> MADE = new ArrayList<>();
  private static int taken;

  private TestingKeys() {}

  /** A pair unlike the last three. */
  public static synchronized KeyPair rsa() {
    int index = taken++ % PAIRS;
    if (index == MADE.size()) {
      MADE.add(make());
    }
    return MADE.get(index);
  }

  private static KeyPair make() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
