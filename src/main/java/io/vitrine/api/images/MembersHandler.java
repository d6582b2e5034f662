package io.vitrine.api.images;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.api.schema.JsonSchema;
import io.vitrine.api.schema.Schemas;
import io.vitrine.catalog.images.ImageMembers;
import io.vitrine.image.ImageAccess;
import io.vitrine.image.Member;
import io.vitrine.image.MemberStatus;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.Objects;

/** Shares images with other projects. */
public final class MembersHandler {
  /** The length of a project id in Glance's database. */
  private static final int MAX_ID_LENGTH = 255;

  private static final JsonSchema SCHEMA = new JsonSchema(Schemas.member());

  private final ImageMembers members;
  private final Access access;
  private final ApiCapabilities capabilities;

  /** Creates the handler; {@code capabilities} holds the quota of members. */
  public MembersHandler(ImageMembers members, Access access, ApiCapabilities capabilities) {
    this.members = members;
    this.access = access;
    this.capabilities = capabilities;
  }

  /** {@code POST /v2/images/{id}/members}. */
  public void add(RoutingContext context) {
    members
        .add(access(context, Rule.ADD_MEMBER), member(context), capabilities.memberQuota())
        .onSuccess(member -> Responses.json(context, 200, toJson(member)))
        .onFailure(context::fail);
  }

  /**
   * {@code GET /v2/images/{id}/members}; leaves out members that the policy does not let the caller
   * get.
   */
  public void list(RoutingContext context) {
    var caller = Requests.caller(context);
    members
        .list(
            access(context, Rule.GET_MEMBERS),
            image -> access.allows(caller, Rule.GET_MEMBER, image))
        .onSuccess(
            found -> {
              var items = new JsonArray();
              found.forEach(member -> items.add(toJson(member)));
              var body = new JsonObject().put("members", items);
              Responses.json(context, 200, body.put("schema", "/v2/schemas/members"));
            })
        .onFailure(context::fail);
  }

  /** {@code GET /v2/images/{id}/members/{member}}; 404 if the policy forbids it. */
  public void show(RoutingContext context) {
    members
        .get(access(context, Rule.GET_MEMBER), project(context))
        .recover(MembersHandler::hide)
        .onSuccess(member -> Responses.json(context, 200, toJson(member)))
        .onFailure(context::fail);
  }

  private static Future<Member> hide(Throwable failure) {
    return failure instanceof ProblemException refused
            && refused.problem() instanceof Problem.Forbidden(String detail)
        ? Future.failedFuture(notFound(detail))
        : Future.failedFuture(failure);
  }

  /** {@code PUT /v2/images/{id}/members/{member}}. */
  public void update(RoutingContext context) {
    members
        .update(access(context, Rule.MODIFY_MEMBER), project(context), status(context))
        .onSuccess(member -> Responses.json(context, 200, toJson(member)))
        .onFailure(context::fail);
  }

  /** {@code DELETE /v2/images/{id}/members/{member}}. */
  public void remove(RoutingContext context) {
    members
        .remove(access(context, Rule.DELETE_MEMBER), project(context))
        .onSuccess(removed -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }

  private ImageAccess access(RoutingContext context, Rule rule) {
    var caller = Requests.caller(context);
    return new ImageAccess(Requests.imageId(context), caller, access.permit(caller, rule));
  }

  private static String project(RoutingContext context) {
    return Objects.requireNonNullElse(context.pathParam("member"), "");
  }

  private static String member(RoutingContext context) {
    var project = text(context, "member", "member_id");
    if (project.length() > MAX_ID_LENGTH) {
      throw invalid("The id of a member has at most %d characters.".formatted(MAX_ID_LENGTH));
    }
    return project;
  }

  private static MemberStatus status(RoutingContext context) {
    return MemberStatus.of(text(context, "status", "status")).orElseThrow();
  }

  /** A string of the body, valid for the member's attribute of that name. */
  private static String text(RoutingContext context, String key, String attribute) {
    if (Requests.object(context).getValue(key) instanceof String text && !text.isEmpty()) {
      SCHEMA.require(new JsonObject().put(attribute, text));
      return Requests.plain(key, text);
    }
    throw invalid("The body must be an object with the text \"%s\".".formatted(key));
  }

  private static JsonObject toJson(Member member) {
    return new JsonObject()
        .put("member_id", member.project())
        .put("image_id", member.image().toString())
        .put("status", member.status().text())
        .put("created_at", ImageJson.time(member.createdAt()))
        .put("updated_at", ImageJson.time(member.updatedAt()))
        .put("schema", "/v2/schemas/member");
  }
}
