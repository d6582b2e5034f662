package io.vitrine.api.uploads;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.net.internals.InterimResponses;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a client is told by 104 (Upload Resumption Supported) while it sends: where the upload is,
 * and then how far.
 */
final class Announcements {
  private final InterimResponses interim;
  private boolean isKnown;

  private Announcements(InterimResponses interim) {
    this.interim = interim;
  }

  /** Empty if the client would not understand them, or knows another version of the draft. */
  static Optional<Announcements> of(RoutingContext context) {
    return ItemField.count(context, Rufh.VERSION_FIELD)
        .filter(version -> version == Rufh.VERSION)
        .flatMap(same -> InterimResponses.of(context.request()))
        .map(Announcements::new);
  }

  /** Whether the client has been told where the upload is. */
  boolean isKnown() {
    return isKnown;
  }

  /** Tells where a new upload is. */
  void begin(String location, String limits) {
    isKnown = true;
    send(Map.of(HttpHeaders.LOCATION.toString(), location, Rufh.LIMIT, limits));
  }

  /** Tells how many bytes need not be sent again. */
  void goOn(long offset) {
    send(Map.of(Rufh.OFFSET, String.valueOf(offset)));
  }

  private void send(Map<String, String> fields) {
    var all = new HashMap<>(fields);
    all.put(Rufh.VERSION_FIELD, String.valueOf(Rufh.VERSION));
    interim.send(104, "Upload Resumption Supported", all);
  }
}
