package io.vitrine.api.events;

import io.vertx.core.Vertx;
import io.vitrine.catalog.events.ImageChanges;
import io.vitrine.catalog.events.ImageEvents;
import io.vitrine.catalog.events.ProgressJournal;
import io.vitrine.net.listener.LimitsConfig;

/** What watchers are told: of one image, or of all that they see. Shared by all event loops. */
public final class Feeds {
  private final StreamRoom room;
  private final EventFeed images;
  private final ListFeed lists;

  /**
   * What the feeds read.
   *
   * @param images single images
   * @param changes all images
   * @param progress uploads under way
   */
  public record Sources(ImageEvents images, ImageChanges changes, ProgressJournal progress) {}

  /** Feeds that read the catalog while they have watchers, whose number is limited. */
  public Feeds(Vertx vertx, Sources sources, LimitsConfig limits) {
    room = new StreamRoom(limits);
    images = new EventFeed(vertx, sources.images());
    lists = new ListFeed(vertx, sources);
  }

  StreamRoom room() {
    return room;
  }

  EventFeed images() {
    return images;
  }

  ListFeed lists() {
    return lists;
  }

  /** Ends all streams. */
  public void close() {
    images.close();
    lists.close();
  }
}
