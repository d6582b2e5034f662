package io.vitrine.net.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;

/** What answers say about the connection. */
class ResponseTrimmerTest {
  private static String connectionOf(TestingPacket packet) throws Exception {
    var channel = new EmbeddedChannel(new ResponseTrimmer());
    channel.attr(PacketDecoder.HEAD).set(packet.head());
    var answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT);
    answer.headers().set(HttpHeaderNames.CONNECTION, "close");
    channel.writeOutbound(answer);
    HttpResponse written = channel.readOutbound();
    return written.headers().get(HttpHeaderNames.CONNECTION, "");
  }

  @Test
  void saysNothingToFrontsThatKeepTheClientsConnection() throws Exception {
    assertThat(connectionOf(TestingPacket.of("GET", "/v2/images"))).isEmpty();
  }

  @Test
  void tellsClientsOfUwsgisRouterThatItCloses() throws Exception {
    var routed = TestingPacket.of("GET", "/v2/images").with("UWSGI_ROUTER", "http");

    assertThat(connectionOf(routed)).isEqualTo("close");
  }
}
