package io.vitrine.net.internals;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;

/**
 * Registers keys of contexts' local data in static fields: Vert.x needs them before it creates its
 * first instance, and loads such classes for that.
 */
public abstract class LocalKeys implements VertxServiceProvider {
  /** For subclasses. */
  protected LocalKeys() {}

  @Override
  public final void init(VertxBootstrap builder) {}
}
