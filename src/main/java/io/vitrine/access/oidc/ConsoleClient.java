package io.vitrine.access.oidc;

import io.vitrine.config.Section;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The public client by which the console's users sign in.
 *
 * @param clientId its name at the provider (RFC 6749 section 2.2); empty if there is none
 * @param scopes what it asks for, {@code openid} among them
 */
public record ConsoleClient(String clientId, List<String> scopes) {
  private static final Pattern ID = Pattern.compile("[ -~]*");

  /** RFC 6749 section 3.3. */
  private static final Pattern SCOPE = Pattern.compile("[!#-\\[\\]-~]+");

  /** Copies the list. */
  public ConsoleClient {
    scopes = List.copyOf(scopes);
  }

  static ConsoleClient from(Section section) {
    var client =
        new ConsoleClient(
            section.text("client_id", ID, "visible ASCII characters"),
            section.texts("scopes", SCOPE, "scopes without blanks, quotes and backslashes"));
    section.require(
        !client.isKnown() || client.scopes.contains("openid"),
        "scopes",
        "sign-in needs the scope openid");
    return client;
  }

  /** Whether the provider has such a client. */
  boolean isKnown() {
    return !clientId.isEmpty();
  }
}
