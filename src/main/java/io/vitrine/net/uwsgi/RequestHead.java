package io.vitrine.net.uwsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The head of a request as the front reports it.
 *
 * @param headers names in lower case, in the front's order, without those about a connection or the
 *     body's length
 * @param client the client's address, if the front reports it
 * @param isAnsweredVerbatim whether the front passes the answer on unchanged and then closes the
 *     client's connection, as uWSGI's routers do
 */
record RequestHead(
    String method,
    RequestTarget target,
    String scheme,
    List<Map.Entry<String, String>> headers,
    BodyLength body,
    Optional<SocketAddress> client,
    boolean isAnsweredVerbatim) {
  private static final Pattern TOKEN = Pattern.compile("[-!#$%&'*+.^_`|~\\w]+");
  private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");
  private static final Pattern PORT = Pattern.compile("\\d{1,5}");

  /** RFC 9110, 5.5: no control characters but the tab. */
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

  /** Headers that concern one connection only, or duplicate a variable. */
  private static final Set<String> NOT_PASSED_ON =
      Set.of(
          "host",
          "content-type",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "upgrade",
          "http2-settings",
          // Fronts send the interim response themselves and would take another for the final
          // one.
          "expect");

  private static final String HEADER = "HTTP_";

  /** The part of the following bytes that belongs to the request. */
  sealed interface BodyLength {
    /** A fixed number of bytes. */
    record Known(long bytes) implements BodyLength {}

    /** Chunks with their framing (RFC 9112, 7.1), through the last one. */
    record Chunked() implements BodyLength {}
  }

  /** Copies the headers. */
  RequestHead {
    headers = List.copyOf(headers);
  }

  static RequestHead of(List<Variable> all) throws RefusedPacketException {
    var variables = Variables.of(all);
    var method = variables.text("REQUEST_METHOD", TOKEN);
    if (method.isEmpty()) {
      throw RefusedPacketException.malformed("REQUEST_METHOD is missing.");
    }
    var scheme = scheme(variables);
    var headers = new ArrayList<Map.Entry<String, String>>();
    headers.add(Map.entry("host", host(variables)));
    var type = variables.either("CONTENT_TYPE", "HTTP_CONTENT_TYPE", VALUE);
    if (!type.isEmpty()) {
      headers.add(Map.entry("content-type", type));
    }
    for (var variable : all) {
      if (variable.name().startsWith(HEADER)) {
        addHeader(headers, variable);
      }
    }
    return new RequestHead(
        method,
        RequestTarget.of(variables),
        scheme,
        headers,
        body(variables, method, type),
        client(variables),
        !variables.text("UWSGI_ROUTER").isEmpty());
  }

  private static void addHeader(List<Map.Entry<String, String>> headers, Variable variable)
      throws RefusedPacketException {
    var name =
        variable.name().substring(HEADER.length()).replace('_', '-').toLowerCase(Locale.ROOT);
    if (!TOKEN.matcher(name).matches() || !VALUE.matcher(variable.value()).matches()) {
      throw RefusedPacketException.malformed("A header has invalid characters.");
    }
    if (!NOT_PASSED_ON.contains(name)) {
      headers.add(Map.entry(name, variable.value()));
    }
  }

  /** An explicit length takes precedence over any encoding that the front has removed. */
  private static BodyLength body(Variables variables, String method, String type)
      throws RefusedPacketException {
    var length = variables.either("CONTENT_LENGTH", "HTTP_CONTENT_LENGTH", DIGITS);
    if (!length.isEmpty()) {
      return new BodyLength.Known(Long.parseLong(length));
    }
    var encoding = variables.text("HTTP_TRANSFER_ENCODING");
    if (encoding.equalsIgnoreCase("chunked")) {
      return new BodyLength.Chunked();
    }
    if (!encoding.isEmpty()) {
      throw new RefusedPacketException(501, "Only chunked is supported as a transfer encoding.");
    }
    if (method.equals("PUT") && type.matches("(?i)application/octet-stream\\s*(;.*)?")) {
      // Data of unknown length must not be taken for an empty image.
      throw new RefusedPacketException(
          411,
          "The web server did not pass on the length of the data; send Content-Length, or"
              + " let the server pass on chunked bodies.");
    }
    return new BodyLength.Known(0);
  }

  private static String scheme(Variables variables) {
    var isSecure =
        Set.of("on", "1", "https").contains(variables.text("HTTPS").toLowerCase(Locale.ROOT))
            || List.of("REQUEST_SCHEME", "UWSGI_SCHEME", "wsgi.url_scheme").stream()
                .anyMatch(name -> variables.text(name).equals("https"));
    return isSecure ? "https" : "http";
  }

  private static String host(Variables variables) throws RefusedPacketException {
    var host = variables.text("HTTP_HOST", VALUE);
    if (!host.isEmpty()) {
      return host;
    }
    var name = variables.text("SERVER_NAME", VALUE);
    var port = variables.text("SERVER_PORT", PORT);
    if (name.isEmpty()) {
      return "localhost";
    }
    return port.isEmpty() || Set.of("80", "443").contains(port) ? name : name + ":" + port;
  }

  /** Absent if the client reached the front over a Unix socket. */
  private static Optional<SocketAddress> client(Variables variables) {
    var port = variables.text("REMOTE_PORT");
    try {
      var address = InetAddress.ofLiteral(variables.text("REMOTE_ADDR")).getHostAddress();
      return Optional.of(
          SocketAddress.inetSocketAddress(
              PORT.matcher(port).matches() ? Math.min(Integer.parseInt(port), 65535) : 0, address));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  /**
   * The same head in HTTP/1.1. There is one per connection, since in the uwsgi protocol only
   * closing ends an answer.
   */
  byte[] toHttp() {
    var text = new StringBuilder(1024).append(method).append(' ').append(target.uri());
    text.append(" HTTP/1.1\r\nconnection: close\r\n");
    headers.forEach(header -> append(text, header.getKey(), header.getValue()));
    switch (body) {
      case BodyLength.Known(long bytes) -> append(text, "content-length", String.valueOf(bytes));
      case BodyLength.Chunked chunked -> append(text, "transfer-encoding", "chunked");
    }
    return text.append("\r\n").toString().getBytes(ISO_8859_1);
  }

  private static void append(StringBuilder text, String name, String value) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
}
