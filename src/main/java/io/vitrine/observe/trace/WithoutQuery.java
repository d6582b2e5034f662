package io.vitrine.observe.trace;

import io.vertx.core.spi.tracing.TagExtractor;
import org.jspecify.annotations.Nullable;

/** The tags of outgoing requests, with the query removed from URLs. */
record WithoutQuery<R>(TagExtractor<R> all) implements TagExtractor<R> {
  @Override
  public int len(R request) {
    return all.len(request);
  }

  @Override
  public String name(R request, int index) {
    return all.name(request, index);
  }

  @Override
  public @Nullable String value(R request, int index) {
    var value = all.value(request, index);
    return value == null || !name(request, index).startsWith("url.")
        ? value
        : value.replaceFirst("\\?.*", "");
  }
}
