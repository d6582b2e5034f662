package io.vitrine.net.proxy;

import io.vertx.core.MultiMap;
import io.vitrine.net.address.Url;
import java.util.List;
import java.util.Optional;

/**
 * Finds where requests come from. Headers count only as far as trusted proxies have written them:
 * from the nearest proxy on, each is asked for whom it passed the request on, until one is not
 * trusted. When X-Forwarded fields are there, Forwarded does not count: nearly every proxy writes
 * the former, and one that knows just one kind passes on what the client wrote in the other.
 */
public final class Fronts {
  private final TrustedProxies trusted;
  private final Optional<String> publicBase;
  private final String pathPrefix;

  /**
   * Makes the rules of a deployment.
   *
   * @param publicEndpoint what links begin with, whatever requests say
   * @param pathPrefix the path below which the API is: empty, or without a slash at the end
   */
  public Fronts(TrustedProxies trusted, Optional<Url> publicEndpoint, String pathPrefix) {
    this.trusted = trusted;
    this.publicBase = publicEndpoint.map(Url::toString).map(Fronts::withoutSlash);
    this.pathPrefix = pathPrefix;
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** The path below which the API is: empty, or without a slash at the end. */
  public String pathPrefix() {
    return pathPrefix;
  }

  /**
   * Where a request comes from.
   *
   * @throws MalformedHopException if a trusted proxy does not say it in a known form
   */
  public Origin origin(Direct request, MultiMap headers) {
    if (!trusted.contains(request.peer())) {
      return new Origin(request.peer(), base(request, Optional.empty()));
    }
    var hops = ForwardedFields.read(headers);
    if (hops.isEmpty()) {
      hops = ForwardedHeader.read(headers.getAll("Forwarded"));
    }
    return walk(request, hops);
  }

  private Origin walk(Direct request, List<Hop> hops) {
    var client = request.peer();
    Optional<Hop> told = Optional.empty();
    for (var hop : hops) {
      told = Optional.of(told.map(nearer -> over(hop, nearer)).orElse(hop));
      var address = hop.client().flatMap(Forms::address);
      if (address.isEmpty()) {
        break;
      }
      client = address.get().getHostAddress();
      if (!trusted.contains(client)) {
        break;
      }
    }
    return new Origin(client, base(request, told));
  }

  /** What a proxy does not say counts as the nearer one says it. */
  private static Hop over(Hop hop, Hop nearer) {
    boolean saysHost = hop.host().isPresent();
    return new Hop(
        hop.client(),
        hop.scheme().or(nearer::scheme),
        hop.host().or(nearer::host),
        saysHost ? hop.port() : hop.port().or(nearer::port),
        hop.prefix().or(nearer::prefix));
  }

  private String base(Direct request, Optional<Hop> told) {
    if (publicBase.isPresent()) {
      return publicBase.get();
    }
    var scheme = told.flatMap(Hop::scheme).map(Forms::scheme).orElse(request.scheme());
    var prefix = told.flatMap(Hop::prefix).map(Forms::prefix).orElse("");
    var below = request.mountPoint().isEmpty() ? pathPrefix : request.mountPoint();
    return scheme + "://" + authority(request, told, scheme) + prefix + below;
  }

  private static String authority(Direct request, Optional<Hop> told, String scheme) {
    var host = told.flatMap(Hop::host).map(Forms::host);
    var port = told.flatMap(Hop::port).map(Forms::port);
    if (port.isEmpty() || host.filter(Forms::hasPort).isPresent()) {
      return host.orElse(request.authority());
    }
    var name = host.orElse(request.authority().replaceFirst(":\\d+$", ""));
    return port.get() == (scheme.equals("https") ? 443 : 80) ? name : name + ":" + port.get();
  }
}
