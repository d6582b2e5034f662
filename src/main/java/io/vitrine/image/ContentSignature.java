package io.vitrine.image;

/**
 * A declared signature with everything needed to verify it.
 *
 * @param value the signature in base64
 * @param hashMethod such as {@code SHA-256}
 * @param keyType such as {@code RSA-PSS}
 * @param publicKey the signer's key in X.509 encoding, base64
 */
public record ContentSignature(String value, String hashMethod, String keyType, String publicKey) {}
