package io.vitrine.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the connection to PostgreSQL is encrypted and whom it trusts, in libpq's terms. The keys of
 * {@code database.tls} take the place of the URL's parameters when they are not empty.
 *
 * @param mode one of libpq's modes
 * @param ca a file with the authorities' certificates, {@value #SYSTEM} for those that Java knows,
 *     or empty for none
 * @param certificate this client's certificate, or empty
 * @param key its key, or empty
 * @param keyPassword what the key is encrypted with
 */
public record DatabaseTlsConfig(
    String mode, String ca, String certificate, String key, Secret keyPassword) {

  /** Stands for the authorities that Java knows. */
  public static final String SYSTEM = "system";

  /** Without encryption. */
  public static final DatabaseTlsConfig OFF =
      new DatabaseTlsConfig("disable", "", "", "", new Secret(""));

  private static final List<String> MODES =
      List.of("", "disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  static DatabaseTlsConfig from(Section section, Map<String, String> url) {
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
   * As in libpq: authorities that are given are also used, and all that Java knows are too many.
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
        file.isEmpty() || isReadable(file),
        name,
        "\"%s\" is not a file that can be read (it may also stand in database.url as %s)"
            .formatted(file, parameter));
  }

  private static boolean isReadable(String file) {
    return file.indexOf('\0') < 0 && Values.readable(file).isPresent();
  }

  private void requireCertificateWithKey(Section section) {
    section.require(
        certificate.isEmpty() == key.isEmpty(),
        "key",
        "certificate and key are of use only together");
  }

  private void requireAuthorities(Section section) {
    section.require(
        !mode.startsWith("verify") || !ca.isEmpty(),
        "ca",
        "mode "
            + mode
            + " needs the authorities' certificates: give their file, or system for those that"
            + " Java knows");
    section.require(
        !ca.equals(SYSTEM) || mode.equals("verify-full"),
        "ca",
        "system needs mode verify-full, as anybody can get a certificate of these authorities");
  }

  /** Whether the server must show a certificate of the authorities. */
  public boolean verifiesAuthority() {
    return mode.startsWith("verify");
  }

  /** Whether the server's certificate must be for the name by which it was reached. */
  public boolean verifiesName() {
    return mode.equals("verify-full");
  }
}
