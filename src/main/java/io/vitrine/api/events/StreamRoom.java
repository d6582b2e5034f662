package io.vitrine.api.events;

import io.vitrine.net.listener.LimitsConfig;
import java.util.HashMap;
import java.util.Map;

/** The room for streams of events, whatever they tell: so many in all, and so many of a client. */
final class StreamRoom {
  private final LimitsConfig limits;
  private final Map<String, Integer> ofClients = new HashMap<>();
  private int all;

  StreamRoom(LimitsConfig limits) {
    this.limits = limits;
  }

  /** The reply to a request for another stream. */
  enum Admission {
    YES,
    TOO_MANY_OF_CLIENT,
    TOO_MANY
  }

  /** Takes the place of a stream, unless a limit is reached. */
  synchronized Admission enter(String client) {
    if (all >= limits.maxEventStreams()) {
      return Admission.TOO_MANY;
    }
    if (ofClients.getOrDefault(client, 0) >= limits.maxEventStreamsPerClient()) {
      return Admission.TOO_MANY_OF_CLIENT;
    }
    all++;
    ofClients.merge(client, 1, Integer::sum);
    return Admission.YES;
  }

  /** Gives the place back. */
  synchronized void leave(String client) {
    all--;
    int left = ofClients.getOrDefault(client, 0) - 1;
    if (left > 0) {
      ofClients.put(client, left);
    } else {
      ofClients.remove(client);
    }
  }
}
