package io.vitrine.api.request;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** The cost of writing a JSON document: one for each value and for each piece of a long string. */
final class JsonCost {
  private static final int PIECE_CHARS = 64;

  private int left;

  private JsonCost(int limit) {
    left = limit;
  }

  /** The cost of a document; it is counted until it exceeds the limit. */
  static int of(Object document, int limit) {
    var cost = new JsonCost(limit);
    cost.fits(document);
    return limit - cost.left;
  }

  private boolean fits(Object value) {
    left--;
    return switch (value) {
      case JsonObject object -> all(object.getMap().values());
      case JsonArray array -> all(array.getList());
      case Map<?, ?> map -> all(map.values());
      case Iterable<?> values -> all(values);
      case CharSequence text -> {
        left -= text.length() / PIECE_CHARS;
        yield left >= 0;
      }
      case null, default -> left >= 0;
    };
  }

  private boolean all(Iterable<?> values) {
    for (var value : values) {
      if (!fits(value)) {
        return false;
      }
    }
    return left >= 0;
  }
}
