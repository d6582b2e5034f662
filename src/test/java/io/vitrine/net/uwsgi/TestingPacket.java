package io.vitrine.net.uwsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** The head of a request as a front sends it; variables may come as often as a test likes. */
public final class TestingPacket {
  private final List<Variable> variables = new ArrayList<>();

  private TestingPacket() {}

  static TestingPacket empty() {
    return new TestingPacket();
  }

  /** A request with what every front tells. */
  public static TestingPacket of(String method, String uri) {
    return empty()
        .with("REQUEST_METHOD", method)
        .with("REQUEST_URI", uri)
        .with("PATH_INFO", uri)
        .with("QUERY_STRING", "")
        .with("SCRIPT_NAME", "")
        .with("SERVER_PROTOCOL", "HTTP/1.1")
        .with("REMOTE_ADDR", "192.0.2.7")
        .with("REMOTE_PORT", "1234")
        .with("HTTP_HOST", "images.example");
  }

  /** A request that sends image data, by default without saying how much. */
  public static TestingPacket upload(String uri) {
    return of("PUT", uri).with("CONTENT_TYPE", "application/octet-stream");
  }

  /** One more variable. */
  public TestingPacket with(String name, String value) {
    variables.add(new Variable(name, value));
    return this;
  }

  /** One variable with another value. */
  public TestingPacket but(String name, String value) {
    variables.removeIf(variable -> variable.name().equals(name));
    return with(name, value);
  }

  List<Variable> variables() {
    return List.copyOf(variables);
  }

  RequestHead head() throws RefusedPacketException {
    return RequestHead.of(variables);
  }

  /** The packet on the wire. */
  public byte[] bytes() {
    var block = new ByteArrayOutputStream();
    for (var variable : variables) {
      write(block, variable.name());
      write(block, variable.value());
    }
    var packet = new ByteArrayOutputStream();
    packet.write(0);
    packet.write(block.size());
    packet.write(block.size() >> 8);
    packet.write(0);
    packet.writeBytes(block.toByteArray());
    return packet.toByteArray();
  }

  private static void write(ByteArrayOutputStream block, String text) {
    block.write(text.length());
    block.write(text.length() >> 8);
    block.writeBytes(text.getBytes(ISO_8859_1));
  }
}
