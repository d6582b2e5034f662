package io.vitrine.catalog.tls;

import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * TLS of the connection to PostgreSQL, in libpq's terms. The keys of {@code database.tls} override
 * the URL's parameters unless they are empty.
 *
 * @param mode one of libpq's sslmode values
 * @param ca a file of trusted authorities, {@value #SYSTEM} for the JDK's, or empty for none
 * @param certificate the client certificate's file, or empty
 * @param key its private key's file, or empty
 * @param keyPassword decrypts the key
 */
public record DatabaseTlsConfig(
    String mode, String ca, String certificate, String key, Secret keyPassword) {

  /** Selects the JDK's authorities. */
  public static final String SYSTEM = "system";

  /** No TLS. */
  public static final DatabaseTlsConfig OFF =
      new DatabaseTlsConfig("disable", "", "", "", new Secret(""));

  private static final List<String> MODES =
      List.of("", "disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  /**
   * Reads the section.
   *
   * @param url the parameters of the URL
   */
  public static DatabaseTlsConfig from(Section section, Map<String, String> url) {
    var mode = section.choice("mode", MODES);
    var given =
        new DatabaseTlsConfig(
            mode.isEmpty() ? url.getOrDefault("sslmode", "") : mode,
            either(section.text("ca"), url.get("sslrootcert")),
            either(section.text("certificate"), url.get("sslcert")),
            either(section.text("key"), url.get("sslkey")),
            new Secret(either(section.secret("key_password").value(), url.get("sslpassword"))));
    section.require(
        MODES.contains(given.mode),
        "mode",
        "sslmode=%s of database.url is not allowed; give one of %s"
            .formatted(given.mode, String.join(", ", MODES.subList(1, MODES.size()))));
    var config = given.withEffectiveMode();
    config.requireFiles(section);
    config.requireCertificateWithKey(section);
    config.requireAuthorities(section);
    return config;
  }

  private static String either(String key, @Nullable String parameter) {
    return key.isEmpty() && parameter != null ? parameter : key;
  }

  /**
   * As in libpq, require with given authorities verifies them, and the JDK's authorities, being so
   * many, default to verify-full.
   */
  private DatabaseTlsConfig withEffectiveMode() {
    var unset = ca.equals(SYSTEM) ? "verify-full" : "prefer";
    var asked = mode.isEmpty() ? unset : mode;
    var effective = asked.equals("require") && !ca.isEmpty() ? "verify-ca" : asked;
    return new DatabaseTlsConfig(effective, ca, certificate, key, keyPassword);
  }

  private void requireFiles(Section section) {
    if (!ca.equals(SYSTEM)) {
      requireFile(section, "ca", "sslrootcert", ca);
    }
    requireFile(section, "certificate", "sslcert", certificate);
    requireFile(section, "key", "sslkey", key);
  }

  private static void requireFile(Section section, String name, String parameter, String file) {
    section.require(
        file.isEmpty() || Section.isReadable(file),
        name,
        "\"%s\" is not a readable file (database.url may also give it as %s)"
            .formatted(file, parameter));
  }

  private void requireCertificateWithKey(Section section) {
    section.require(
        certificate.isEmpty() == key.isEmpty(),
        "key",
        "certificate and key must be given together");
  }

  private void requireAuthorities(Section section) {
    section.require(
        !mode.startsWith("verify") || !ca.isEmpty(),
        "ca",
        "mode "
            + mode
            + " needs the authorities' certificates: give their file, or system for those"
            + " that Java trusts");
    section.require(
        !ca.equals(SYSTEM) || mode.equals("verify-full"),
        "ca",
        "system needs mode verify-full, as anybody can get a certificate of these authorities");
  }

  /** Whether the server's certificate must be signed by a trusted authority. */
  public boolean verifiesAuthority() {
    return mode.startsWith("verify");
  }

  /** Whether the server's certificate must match the host name of the connection. */
  public boolean verifiesName() {
    return mode.equals("verify-full");
  }
}
