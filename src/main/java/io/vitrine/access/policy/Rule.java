package io.vitrine.access.policy;

import java.util.Locale;

/** The rules that the API checks, under the names of Glance's policy file. */
public enum Rule {
  /** Makes the caller an administrator; evaluated once per request. */
  CONTEXT_IS_ADMIN,
  /** {@code POST /v2/images}. */
  ADD_IMAGE,
  /** {@code GET /v2/images/{image}}, its tasks and its events; denial hides the image (404). */
  GET_IMAGE,
  /** {@code GET /v2/images}. */
  GET_IMAGES,
  /** {@code PATCH /v2/images/{image}}, tags, staging and every import but copy-image. */
  MODIFY_IMAGE,
  /** {@code DELETE /v2/images/{image}}. */
  DELETE_IMAGE,
  /** Creating an image with visibility public, or changing it to that. */
  PUBLICIZE_IMAGE,
  /** Creating an image with visibility community, or changing it to that. */
  COMMUNITIZE_IMAGE,
  /** {@code GET /v2/images/{image}/file}. */
  DOWNLOAD_IMAGE,
  /** {@code PUT /v2/images/{image}/file}. */
  UPLOAD_IMAGE,
  /**
   * {@code /vitrine/v1/images/{image}/tickets}, together with the rule for what the ticket permits;
   * asked again at each use of the ticket, for who made it. Glance has no such rule.
   */
  MANAGE_IMAGE_TICKETS,
  /**
   * {@code GET /vitrine/v1/images/{image}/audit}, as long as the image exists. Glance has no such
   * rule.
   */
  GET_IMAGE_AUDIT,
  /** Removing a location by a patch, and {@code DELETE /v2/stores/{store}/{image}}. */
  DELETE_IMAGE_LOCATION,
  /** {@code DELETE /v2/stores/{store}/{image}}, together with the rule for deletion. */
  GET_IMAGE_LOCATION,
  /** Adding or replacing locations by a patch. */
  SET_IMAGE_LOCATION,
  /** {@code POST /v2/images/{image}/locations}. */
  ADD_IMAGE_LOCATION,
  /** {@code GET /v2/images/{image}/locations}. */
  FETCH_IMAGE_LOCATION,
  /** Downloads that choose their stores with {@code ?prefer=}. */
  DOWNLOAD_FROM_STORE,
  /** {@code POST /v2/images/{image}/members}. */
  ADD_MEMBER,
  /** {@code DELETE /v2/images/{image}/members/{member}}. */
  DELETE_MEMBER,
  /** {@code GET /v2/images/{image}/members/{member}}; also filters the list of members. */
  GET_MEMBER,
  /** {@code GET /v2/images/{image}/members}. */
  GET_MEMBERS,
  /** {@code PUT /v2/images/{image}/members/{member}}, which sets the member's status. */
  MODIFY_MEMBER,
  /** The deprecated {@code /v2/cached_images} and {@code /v2/queued_images}. */
  MANAGE_IMAGE_CACHE,
  /** {@code POST /v2/images/{image}/actions/deactivate}. */
  DEACTIVATE,
  /** {@code POST /v2/images/{image}/actions/reactivate}. */
  REACTIVATE,
  /** Imports by the method copy-image. */
  COPY_IMAGE,
  /** {@code PUT /v2/cache/{image}}. */
  CACHE_IMAGE,
  /** {@code GET /v2/cache}. */
  CACHE_LIST,
  /** {@code DELETE /v2/cache} and {@code DELETE /v2/cache/{image}}. */
  CACHE_DELETE,
  /** {@code POST /v2/cache/clean}. */
  CACHE_CLEAN,
  /** {@code POST /v2/cache/prune}. */
  CACHE_PRUNE,
  /** {@code GET /v2/cache/nodes/{image}}. */
  LIST_CACHED_NODES,
  /** {@code GET /v2/info/stores/detail}. */
  STORES_INFO_DETAIL,
  /** All of {@code /vitrine/v1/status}. Glance has no such rule. */
  GET_STATUS,
  /**
   * {@code GET /vitrine/v1/audit}, and the audit trails of images that are gone. Glance has no such
   * rule.
   */
  GET_AUDIT,
  /** Known from Glance's policy file; no route checks it. */
  GET_TASK,
  /** Known from Glance's policy file; no route checks it. */
  GET_TASKS,
  /** Known from Glance's policy file; no route checks it. */
  ADD_TASK,
  /** Known from Glance's policy file; no route checks it. */
  MODIFY_TASK,
  /** All of {@code /v2/tasks}. */
  TASKS_API_ACCESS,
  /** {@code GET /v2/metadefs/namespaces/{namespace}}; denial hides the namespace (404). */
  GET_METADEF_NAMESPACE,
  /** {@code GET /v2/metadefs/namespaces}. */
  GET_METADEF_NAMESPACES,
  /** {@code PUT /v2/metadefs/namespaces/{namespace}}. */
  MODIFY_METADEF_NAMESPACE,
  /** {@code POST /v2/metadefs/namespaces}. */
  ADD_METADEF_NAMESPACE,
  /** Deleting a namespace, or all its properties, objects or tags. */
  DELETE_METADEF_NAMESPACE,
  /** {@code GET} of one object of a namespace. */
  GET_METADEF_OBJECT,
  /** {@code GET} of the objects of a namespace. */
  GET_METADEF_OBJECTS,
  /** {@code PUT} of one object of a namespace. */
  MODIFY_METADEF_OBJECT,
  /** {@code POST} of an object to a namespace. */
  ADD_METADEF_OBJECT,
  /** {@code DELETE} of one object of a namespace. */
  DELETE_METADEF_OBJECT,
  /** {@code GET} of the resource types, of a namespace or of all. */
  LIST_METADEF_RESOURCE_TYPES,
  /** Reading what depends on a resource type association, such as prefixed property names. */
  GET_METADEF_RESOURCE_TYPE,
  /** {@code POST} of a resource type association to a namespace. */
  ADD_METADEF_RESOURCE_TYPE_ASSOCIATION,
  /** {@code DELETE} of a namespace's resource type association. */
  REMOVE_METADEF_RESOURCE_TYPE_ASSOCIATION,
  /** {@code GET} of one property of a namespace. */
  GET_METADEF_PROPERTY,
  /** {@code GET} of the properties of a namespace. */
  GET_METADEF_PROPERTIES,
  /** {@code PUT} of one property of a namespace. */
  MODIFY_METADEF_PROPERTY,
  /** {@code POST} of a property to a namespace. */
  ADD_METADEF_PROPERTY,
  /** {@code DELETE} of one property of a namespace. */
  REMOVE_METADEF_PROPERTY,
  /** {@code GET} of one tag of a namespace. */
  GET_METADEF_TAG,
  /** {@code GET} of the tags of a namespace. */
  GET_METADEF_TAGS,
  /** {@code PUT} of one tag of a namespace. */
  MODIFY_METADEF_TAG,
  /** {@code POST} of one tag to a namespace. */
  ADD_METADEF_TAG,
  /** {@code POST} of several tags at once, which may replace those of the namespace. */
  ADD_METADEF_TAGS,
  /** {@code DELETE} of one tag of a namespace. */
  DELETE_METADEF_TAG,
  /** Deleting all tags of a namespace, together with {@link #DELETE_METADEF_NAMESPACE}. */
  DELETE_METADEF_TAGS;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** Whether the rule only permits reading. */
  public boolean isReading() {
    return text.startsWith("get_") || text.startsWith("list_");
  }

  /** The name in policy files. */
  public String text() {
    return text;
  }
}
