package io.vitrine.api.images;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.PATCH;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import io.vitrine.api.events.EventsHandler;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.RouteGroup;

/** The routes of images: their metadata, tags, members, locations and events; and of usage. */
public record ImageRoutes(
    CreationHandler creation,
    ImagesHandler images,
    ActionsHandler actions,
    TagsHandler tags,
    MembersHandler members,
    LocationsHandler locations,
    EventsHandler events,
    UsageHandler usage)
    implements RouteGroup {
  private static final String IMAGES = "/images";
  private static final String IMAGE = IMAGES + "/:image";
  private static final String MEMBERS = IMAGE + "/members";
  private static final String MEMBER = MEMBERS + "/:member";
  private static final String LOCATIONS = IMAGE + "/locations";

  @Override
  public void addTo(Endpoints endpoints) {
    endpoints.write(POST, IMAGES, creation::create);
    endpoints.readWithBody(IMAGES, images::list);
    endpoints.read(IMAGE, images::show);
    endpoints.write(PATCH, IMAGE, images::patch);
    endpoints.bare(DELETE, IMAGE, images::delete);
    endpoints.bare(POST, IMAGE + "/actions/deactivate", actions::deactivate);
    endpoints.bare(POST, IMAGE + "/actions/reactivate", actions::reactivate);
    endpoints.read(IMAGE + "/events", events::ofImage);
    endpoints.bare(PUT, IMAGE + "/tags/:tag", tags::add);
    endpoints.bare(DELETE, IMAGE + "/tags/:tag", tags::remove);
    endpoints.write(POST, MEMBERS, members::add);
    endpoints.read(MEMBERS, members::list);
    endpoints.read(MEMBER, members::show);
    endpoints.write(PUT, MEMBER, members::update);
    endpoints.bare(DELETE, MEMBER, members::remove);
    endpoints.write(POST, LOCATIONS, locations::add);
    endpoints.read(LOCATIONS, locations::list);
    endpoints.readWithBody("/info/usage", usage::usage);
  }
}
