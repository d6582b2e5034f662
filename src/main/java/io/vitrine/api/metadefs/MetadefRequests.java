package io.vitrine.api.metadefs;

import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Requests;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.api.schema.JsonSchema;
import io.vitrine.image.Visibility;
import io.vitrine.metadef.NamespaceQuery;
import io.vitrine.metadef.NamespaceScope;
import io.vitrine.metadef.NamespaceScope.Gate;
import io.vitrine.metadef.Page;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads requests about metadata definitions. */
final class MetadefRequests {
  static final String NAMESPACE = "namespace";
  static final String NAME = "name";

  /** The read-only keys of definitions without a link to themselves. */
  static final List<String> DATES = List.of("created_at", "updated_at");

  /** The read-only keys of namespaces and objects. */
  static final List<String> DATES_AND_LINKS = List.of("self", "schema", "created_at", "updated_at");

  private MetadefRequests() {}

  /** The namespace in the path; a gate decides who may enter it. */
  static NamespaceScope scope(RoutingContext context, Gate gate) {
    return new NamespaceScope(parameter(context, NAMESPACE), Requests.caller(context), gate);
  }

  /** A name in the path. */
  static String parameter(RoutingContext context, String key) {
    var name = Objects.requireNonNullElse(context.pathParam(key), "");
    if (name.indexOf('\0') >= 0) {
      throw notFound("The resource could not be found.");
    }
    return name;
  }

  /** A body that is valid by a schema and sets no read-only key. */
  static JsonObject body(RoutingContext context, JsonSchema schema, List<String> readOnly) {
    var body = Requests.object(context);
    readOnly.stream()
        .filter(body::containsKey)
        .findFirst()
        .ifPresent(
            key -> {
              throw forbidden("Attribute '%s' is read-only.".formatted(key));
            });
    return schema.require(body);
  }

  /** The resource type whose prefix property names get; empty unless requested. */
  static Optional<String> resourceType(RoutingContext context) {
    return Optional.ofNullable(context.queryParams().get("resource_type"))
        .filter(type -> !type.isEmpty());
  }

  static NamespaceQuery namespaces(MultiMap parameters, ApiCapabilities capabilities) {
    var limit = limit(parameters, 0).orElse(capabilities.listDefault());
    return new NamespaceQuery(
        page(parameters, Optional.of(Math.min(limit, capabilities.listMax()))),
        visibility(parameters),
        Optional.ofNullable(parameters.get("resource_types"))
            .map(types -> List.of(types.split(","))));
  }

  /** A page of a namespace's definitions; all of them unless a limit is given. */
  static Page definitions(MultiMap parameters, int minLimit) {
    return page(parameters, limit(parameters, minLimit));
  }

  private static Page page(MultiMap parameters, Optional<Integer> limit) {
    return new Page(
        Objects.requireNonNullElse(parameters.get("sort_key"), "created_at"),
        isDescending(Objects.requireNonNullElse(parameters.get("sort_dir"), "desc")),
        limit,
        Optional.ofNullable(parameters.get("marker")).filter(marker -> !marker.isEmpty()));
  }

  private static Optional<Integer> limit(MultiMap parameters, int min) {
    return Optional.ofNullable(parameters.get("limit"))
        .map(
            text -> {
              try {
                int limit = Integer.parseInt(text);
                if (limit < min) {
                  throw invalid("limit param must be positive");
                }
                return limit;
              } catch (NumberFormatException malformed) {
                throw invalid("limit param must be an integer");
              }
            });
  }

  private static boolean isDescending(String direction) {
    return switch (direction) {
      case "asc" -> false;
      case "desc" -> true;
      default -> throw invalid("Invalid sort direction: " + direction);
    };
  }

  private static Optional<Visibility> visibility(MultiMap parameters) {
    var text = parameters.get("visibility");
    return switch (text) {
      case null -> Optional.empty();
      case "" -> Optional.empty();
      case "public" -> Optional.of(Visibility.PUBLIC);
      case "private" -> Optional.of(Visibility.PRIVATE);
      default -> throw invalid("Invalid visibility value: " + text);
    };
  }
}
