package io.vitrine.net.internals;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;

/**
 * Decodes requests like Vert.x, but refuses headers without a name and folded lines (obs-fold, RFC
 * 9112, section 5.2): a proxy in front may take a line that begins with a blank for a header.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {
  private boolean isInHead = true;
  private boolean hasRequestLine;
  private boolean isRefused;

  StrictRequestDecoder(HttpServerOptions options) {
    super(options);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> decoded)
      throws Exception {
    if (isInHead && !isRefused && hasNamelessLine(bytes)) {
      isRefused = true;
      var refused = createInvalidMessage();
      refused.setDecoderResult(
          DecoderResult.failure(new IllegalArgumentException("a header has no name")));
      decoded.add(refused);
    }
    if (isRefused) {
      bytes.skipBytes(bytes.readableBytes());
      return;
    }
    int before = decoded.size();
    super.decode(context, bytes, decoded);
    decoded.subList(before, decoded.size()).forEach(this::note);
  }

  private void note(Object part) {
    if (part instanceof HttpRequest) {
      isInHead = false;
    }
    if (part instanceof LastHttpContent) {
      isInHead = true;
      hasRequestLine = false;
    }
  }

  /** Checks the beginning of each complete line up to the empty one. */
  private boolean hasNamelessLine(ByteBuf bytes) {
    int start = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (start < end) {
      byte first = bytes.getByte(start);
      boolean isEmpty = first == '\r' || first == '\n';
      if (first == ' ' || first == '\t' || first == ':') {
        return true;
      }
      if (isEmpty && hasRequestLine) {
        return false;
      }
      int feed = bytes.indexOf(start, end, (byte) '\n');
      if (feed < 0) {
        return false;
      }
      hasRequestLine |= !isEmpty;
      start = feed + 1;
    }
    return false;
  }
}
