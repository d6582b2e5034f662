package io.vitrine.net.proxy;

import io.vertx.core.MultiMap;
import io.vitrine.net.address.Url;
import java.util.List;
import java.util.Optional;

/**
 * Finds the client's address and the base of links. Headers count only as far as trusted proxies
 * wrote them: starting at the nearest proxy, each one's client is looked up until an address is not
 * trusted. If X-Forwarded headers are present, Forwarded is ignored: nearly every proxy writes the
 * former, and one that knows only one kind passes the client's own header of the other kind
 * through.
 */
public final class OriginResolver {
  private final TrustedProxies trusted;
  private final Optional<String> publicBase;
  private final String pathPrefix;

  /** The fronts of a deployment. */
  public OriginResolver(FrontConfig config) {
    this.trusted = config.trusted();
    this.publicBase = config.publicEndpoint().map(Url::toString).map(OriginResolver::withoutSlash);
    this.pathPrefix = config.pathPrefix();
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** The path that the API is mounted at: empty, or without a slash at the end. */
  public String pathPrefix() {
    return pathPrefix;
  }

  /**
   * The origin of a request.
   *
   * @throws MalformedForwardedException if a trusted proxy's header is malformed
   */
  public Origin origin(ReceivedRequest request, MultiMap headers) {
    if (!trusted.contains(request.peer())) {
      return new Origin(request.peer(), base(request, Optional.empty()));
    }
    var hops = ForwardedFields.read(headers);
    if (hops.isEmpty()) {
      hops = ForwardedHeader.read(headers.getAll("Forwarded"));
    }
    return walk(request, hops);
  }

  private Origin walk(ReceivedRequest request, List<ForwardedHop> hops) {
    var client = request.peer();
    Optional<ForwardedHop> told = Optional.empty();
    for (var hop : hops) {
      told = Optional.of(told.map(nearer -> over(hop, nearer)).orElse(hop));
      var address = hop.client().flatMap(ForwardedValues::address);
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

  /** A value that a proxy does not report is that of the nearer proxy. */
  private static ForwardedHop over(ForwardedHop hop, ForwardedHop nearer) {
    boolean saysHost = hop.host().isPresent();
    return new ForwardedHop(
        hop.client(),
        hop.scheme().or(nearer::scheme),
        hop.host().or(nearer::host),
        saysHost ? hop.port() : hop.port().or(nearer::port),
        hop.prefix().or(nearer::prefix));
  }

  private String base(ReceivedRequest request, Optional<ForwardedHop> told) {
    if (publicBase.isPresent()) {
      return publicBase.get();
    }
    var scheme =
        told.flatMap(ForwardedHop::scheme).map(ForwardedValues::scheme).orElse(request.scheme());
    var prefix = told.flatMap(ForwardedHop::prefix).map(ForwardedValues::prefix).orElse("");
    var below = request.mountPoint().isEmpty() ? pathPrefix : request.mountPoint();
    return scheme + "://" + authority(request, told, scheme) + prefix + below;
  }

  private static String authority(
      ReceivedRequest request, Optional<ForwardedHop> told, String scheme) {
    var host = told.flatMap(ForwardedHop::host).map(ForwardedValues::host);
    var port = told.flatMap(ForwardedHop::port).map(ForwardedValues::port);
    if (port.isEmpty() || host.filter(ForwardedValues::hasPort).isPresent()) {
      return host.orElse(request.authority());
    }
    var name = host.orElse(request.authority().replaceFirst(":\\d+$", ""));
    return port.get() == (scheme.equals("https") ? 443 : 80) ? name : name + ":" + port.get();
  }
}
