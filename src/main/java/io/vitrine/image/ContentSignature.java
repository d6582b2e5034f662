package io.vitrine.image;

/**
 * A signature that data is to fit, with all that is needed to verify it.
 *
 * @param value the signature in base64
 * @param hashMethod such as {@code SHA-256}
 * @param keyType such as {@code RSA-PSS}
 * @param publicKey the signer's key as X.509 encodes it, in base64
 */
public record ContentSignature(String value, String hashMethod, String keyType, String publicKey) {}
