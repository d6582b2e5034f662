package io.vitrine.net.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final List<Object> events = new ArrayList<>();
  private final Patience patience = new Patience();
  private final EmbeddedChannel channel = new EmbeddedChannel(patience, new Recorder());

  private final class Recorder extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      events.add(event);
    }
  }

  private void tell(Object event) {
    channel.pipeline().fireUserEventTriggered(event);
  }

  @Test
  void keepsTheConnectionUntilItEnds() {
    tell(IdleStateEvent.ALL_IDLE_STATE_EVENT);
    tell("other");
    assertThat(events).containsExactly("other");

    patience.end();
    patience.end();
    tell(IdleStateEvent.ALL_IDLE_STATE_EVENT);

    assertThat(events).containsExactly("other", IdleStateEvent.ALL_IDLE_STATE_EVENT);
  }

  @Test
  void endsAfterTheConnection() {
    var _ = channel.close();

    patience.end();

    assertThat(channel.isOpen()).isFalse();
  }
}
