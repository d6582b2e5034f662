package io.vitrine.observe.trace;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vitrine.net.address.ShownPath;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tags of an incoming HTTP request; they omit query, headers and secrets in paths. */
final class RequestTags implements TagExtractor<HttpServerRequest> {
  static final RequestTags ALL = new RequestTags();

  private static final List<Tag> TAGS =
      List.of(
          new Tag("http.request.method", request -> request.method().name()),
          new Tag("url.path", request -> ShownPath.of(request.path())),
          new Tag("url.scheme", HttpServerRequest::scheme));

  private RequestTags() {}

  @Override
  public int len(HttpServerRequest request) {
    return TAGS.size();
  }

  @Override
  public String name(HttpServerRequest request, int index) {
    return TAGS.get(index).name();
  }

  @Override
  public @Nullable String value(HttpServerRequest request, int index) {
    return TAGS.get(index).value().apply(request);
  }

  private record Tag(String name, Function<HttpServerRequest, @Nullable String> value) {}
}
