package io.vitrine.api.images;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.schema.ImageSchema;
import io.vitrine.fetch.WebStores;
import io.vitrine.image.location.LocationChange;
import io.vitrine.image.location.NewLocation;
import io.vitrine.net.address.Url;
import io.vitrine.net.address.UrlException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the operations of a patch that change an image's locations. */
public record LocationPatch(WebStores stores, ImageSchema schema) {
  private static final Pattern PATH = Pattern.compile("/locations(?:/(-|\\d{1,6}))?");
  private static final Pattern ON_WEB = Pattern.compile("(?i)https?:");
  private static final Set<String> NAMES = Set.of("add", "replace", "remove");

  /** Whether an operation, in either dialect, concerns locations. */
  static boolean isOne(Object operation) {
    return operation instanceof JsonObject object && PATH.matcher(path(object)).matches();
  }

  /** Whether an operation removes a location. */
  static boolean isRemoval(Object operation) {
    return operation instanceof JsonObject object && name(object).equals("remove");
  }

  /** How many locations an operation adds. */
  static int added(Object operation) {
    if (isRemoval(operation)) {
      return 0;
    }
    return ((JsonObject) operation).getValue("value") instanceof JsonArray list ? list.size() : 1;
  }

  private static String path(JsonObject operation) {
    return String.valueOf(operation.getValue("path", operation.getValue(name(operation))));
  }

  private static String name(JsonObject operation) {
    return operation.getValue("op") instanceof String name
        ? name
        : NAMES.stream().filter(operation::containsKey).findFirst().orElse("");
  }

  /** The changes; for each new location its server is asked for the size. */
  Future<List<LocationChange>> read(JsonArray operations) {
    Future<List<LocationChange>> all = Future.succeededFuture(new ArrayList<>());
    for (var operation : operations) {
      all =
          all.compose(
              changes ->
                  read((JsonObject) operation)
                      .map(
                          change -> {
                            changes.add(change);
                            return changes;
                          }));
    }
    return all;
  }

  private Future<LocationChange> read(JsonObject operation) {
    var matcher = PATH.matcher(path(operation));
    var position = matcher.matches() ? matcher.group(1) : null;
    var value = operation.getValue("value");
    var name = name(operation);
    if (name.equals("add") && position != null) {
      return all(new JsonArray().add(value))
          .map(location -> new LocationChange.Add(location.getFirst()));
    }
    if (name.equals("replace") && position == null && value instanceof JsonArray list) {
      return all(list).map(LocationChange.Replace::new);
    }
    if (name.equals("remove") && position != null) {
      return Future.succeededFuture(new LocationChange.Remove(index(position)));
    }
    throw invalid("Locations can be added, removed by position, or replaced as a whole.");
  }

  private static OptionalInt index(String position) {
    return position.equals("-") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(position));
  }

  private Future<List<NewLocation>> all(JsonArray list) {
    schema.require("locations", list);
    var read = list.stream().map(JsonObject.class::cast).map(this::location).toList();
    return Future.all(read).map(done -> read.stream().map(Future::result).toList());
  }

  private Future<NewLocation> location(JsonObject location) {
    var url = location.getString("url");
    var notes = new HashMap<>(location.getJsonObject("metadata").getMap());
    var wanted =
        notes.remove("store") instanceof String id ? Optional.of(id) : Optional.<String>empty();
    notes.values().removeIf(Objects::isNull);
    var claims = claims(location.getJsonObject("validation_data", new JsonObject()));
    if (!ON_WEB.matcher(url).lookingAt()) {
      // Only to be recognised: the location may be kept, but cannot be added.
      return Future.succeededFuture(new NewLocation("", uri(url), notes, claims, 0, false));
    }
    var place = stores.place(url, wanted);
    var store = place.store();
    var kept = withFragment(place.url(), url);
    return size(place)
        .map(
            size ->
                new NewLocation(store.id(), kept, notes, claims, size, store.comparesLengths()));
  }

  /** Keeps the fragment, which is not sent to the server but distinguishes locations. */
  private static Url withFragment(Url checked, String url) {
    int start = url.indexOf('#');
    return start < 0 ? checked : uri(checked + url.substring(start));
  }

  private static Url uri(String url) {
    try {
      return Url.parse(url);
    } catch (UrlException malformed) {
      throw invalid("The URL is not well-formed.");
    }
  }

  private static Future<Long> size(WebStores.WebLocation place) {
    return place
        .store()
        .fetcher()
        .length(place.url())
        .map(length -> length.orElse(0))
        .recover(failure -> Future.failedFuture(invalid("The location cannot be read.")));
  }

  private static Map<String, String> claims(JsonObject data) {
    var claims = new HashMap<String, String>();
    data.forEach(entry -> claims.put(entry.getKey(), String.valueOf(entry.getValue())));
    return claims;
  }
}
