package io.vitrine.api.filter;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Refuses requests that do not name exactly one host (RFC 9112, section 3.2): a proxy may have
 * routed or cached by another name than the one that links would use.
 */
public final class HostField implements Handler<RoutingContext> {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:[A-Za-z0-9._~!$&'()*+,;=%-]{0,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::\\d{0,5})?");

  private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://([^/?#]*)");

  @Override
  public void handle(RoutingContext context) {
    var request = context.request();
    var hosts = request.headers().getAll(HttpHeaders.HOST);
    if (hosts.isEmpty() && request.version() == HttpVersion.HTTP_1_1) {
      throw invalid("The request has no Host header.");
    }
    if (hosts.size() > 1) {
      throw invalid("The request has more than one Host header.");
    }
    if (!hosts.isEmpty() && !FORM.matcher(hosts.getFirst()).matches()) {
      throw invalid("The Host header is not a host, perhaps with a port.");
    }
    if (target(request).filter(target -> !isSame(target, hosts)).isPresent()) {
      throw invalid("The request names one host in its target and another in its Host header.");
    }
    context.next();
  }

  /** The host in the request target, if it has one. */
  private static Optional<String> target(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      return Optional.ofNullable(request.authority(true)).map(Object::toString);
    }
    var uri = Objects.requireNonNullElse(request.uri(), "");
    if (uri.startsWith("/")) {
      return Optional.empty();
    }
    var absolute = ABSOLUTE.matcher(uri);
    return absolute.lookingAt() ? Optional.of(absolute.group(1)) : Optional.empty();
  }

  private static boolean isSame(String target, List<String> hosts) {
    return FORM.matcher(target).matches() && hosts.stream().allMatch(target::equalsIgnoreCase);
  }
}
