package io.vitrine.catalog.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * The hosts that a certificate is valid for, compared as libpq does: underscores are allowed, a
 * wildcard matches exactly one label, and the common name counts only without subject alternative
 * names.
 */
record CertifiedNames(List<String> hosts, List<String> addresses) {
  private static final int DNS = 2;
  private static final int IP = 7;

  static CertifiedNames of(X509Certificate certificate) {
    var hosts = new ArrayList<String>();
    var addresses = new ArrayList<String>();
    try {
      for (var name :
          Objects.requireNonNullElse(
              certificate.getSubjectAlternativeNames(), List.<List<?>>of())) {
        if (name.get(0).equals(DNS)) {
          hosts.add(name.get(1).toString());
        } else if (name.get(0).equals(IP)) {
          addresses.add(name.get(1).toString());
        }
      }
    } catch (CertificateParsingException malformed) {
      return new CertifiedNames(List.of(), List.of());
    }
    if (hosts.isEmpty() && addresses.isEmpty()) {
      hosts.addAll(commonNames(certificate));
    }
    return new CertifiedNames(hosts, addresses);
  }

  private static List<String> commonNames(X509Certificate certificate) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("CN"))
              .map(part -> part.getValue().toString())
              .toList();
    } catch (InvalidNameException malformed) {
      return List.of();
    }
  }

  boolean include(String host) {
    if (isAddress(host)) {
      return hosts.contains(host)
          || addresses.stream().anyMatch(each -> literal(each).equals(literal(host)));
    }
    var wanted = host.toLowerCase(Locale.ROOT);
    return hosts.stream()
        .map(each -> each.toLowerCase(Locale.ROOT))
        .anyMatch(each -> matches(each, wanted));
  }

  private static boolean matches(String pattern, String host) {
    int label = host.indexOf('.');
    boolean isWild = pattern.startsWith("*.") && label > 0;
    return pattern.equals(host) || (isWild && pattern.substring(1).equals(host.substring(label)));
  }

  private static boolean isAddress(String host) {
    return host.contains(":") || host.matches("[0-9.]+");
  }

  private static String literal(String address) {
    try {
      return InetAddress.ofLiteral(address).getHostAddress();
    } catch (IllegalArgumentException malformed) {
      return address;
    }
  }

  @Override
  public String toString() {
    var names = new ArrayList<>(hosts);
    names.addAll(addresses);
    return names.isEmpty() ? "nobody" : String.join(", ", names);
  }
}
