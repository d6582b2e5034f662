package io.vitrine.net.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneRequestTest {
  private static final String CHUNKED = "PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

  @ParameterizedTest
  @ValueSource(strings = {"", "DELETE /b HTTP/1.1\r\n\r\n", "\0\1\0\0nonsense\r\n\r\n"})
  void passesNothingOnAfterTheLastChunk(String rest) {
    var channel = new EmbeddedChannel(new HttpRequestDecoder(), new OneRequest());

    channel.writeInbound(
        Unpooled.copiedBuffer(CHUNKED + "5\r\nbytes\r\n0\r\n\r\n" + rest, StandardCharsets.UTF_8));

    assertThat(channel.<HttpRequest>readInbound().uri()).isEqualTo("/a");
    HttpContent chunk = channel.readInbound();
    assertThat(chunk.content().toString(StandardCharsets.UTF_8)).isEqualTo("bytes");
    ReferenceCountUtil.release(chunk);
    assertThat(channel.<Object>readInbound()).isSameAs(LastHttpContent.EMPTY_LAST_CONTENT);
    assertThat(channel.<Object>readInbound()).isNull();
    channel.finish();
  }
}
