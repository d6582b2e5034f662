package io.vitrine.catalog.images;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.notFound;
import static io.vitrine.image.problem.ProblemException.tooLarge;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.audit.AuditAction;
import io.vitrine.catalog.audit.AuditEntry;
import io.vitrine.catalog.audit.AuditTrail;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageAccess;
import io.vitrine.image.ImageId;
import io.vitrine.image.Member;
import io.vitrine.image.MemberStatus;
import io.vitrine.image.Permit;
import io.vitrine.image.Visibility;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.notification.Change;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** The members of shared images. A member sees only its own membership. */
public final class ImageMembers {
  private static final String UNIQUE_VIOLATION = "23505";

  private final Pool pool;
  private final Outbox outbox;

  /** Members in a database. */
  public ImageMembers(Pool pool, Outbox outbox) {
    this.pool = pool;
    this.outbox = outbox;
  }

  /**
   * Shares an image with a project; the membership is pending until the project accepts it.
   *
   * @param quota the most members of an image; negative: unlimited
   */
  public Future<Member> add(ImageAccess access, String project, int quota) {
    return Transactions.in(
            pool,
            connection ->
                lock(connection, access, access.permit())
                    .compose(image -> requireRoom(connection, image, quota))
                    .compose(
                        image ->
                            connection
                                .preparedQuery(
                                    """
                                    insert into members (image_id, member, status, image_created_at)
                                    values ($1, $2, 'pending', $3) returning
                                    """
                                        + Columns.MEMBER)
                                .execute(
                                    Tuple.of(
                                        image.id().value(),
                                        project,
                                        Rows.toTime(image.createdAt()))))
                    .map(rows -> Rows.toMember(rows.iterator().next()))
                    .compose(member -> tell(connection, member, Change.CREATE)))
        .recover(failure -> Future.failedFuture(toProblem(failure, access.id(), project)));
  }

  private static Throwable toProblem(Throwable failure, ImageId id, String project) {
    return failure instanceof PgException pg && UNIQUE_VIOLATION.equals(pg.getSqlState())
        ? conflict("Member %s is duplicated for image %s.".formatted(project, id))
        : failure;
  }

  private static Future<Image> requireRoom(SqlConnection connection, Image image, int quota) {
    return connection
        .preparedQuery("select count(*) as members from members where image_id = $1")
        .execute(Tuple.of(image.id().value()))
        .map(
            rows -> {
              long attempted = rows.iterator().next().getLong("members") + 1;
              if (quota >= 0 && attempted > quota) {
                throw tooLarge(
                    "The limit has been exceeded on the number of allowed image members for"
                        + " this image. Attempted: %d, Maximum: %d".formatted(attempted, quota));
              }
              return image;
            });
  }

  /**
   * The members that the caller sees, oldest first.
   *
   * @param isShown whether the policy lets the caller get the image's members; if not, the list is
   *     empty
   */
  public Future<List<Member>> list(ImageAccess access, Predicate<Image> isShown) {
    return shared(access)
        .compose(
            image ->
                isShown.test(image)
                    ? seen(image, access.caller())
                    : Future.succeededFuture(List.of()));
  }

  private Future<List<Member>> seen(Image image, Caller caller) {
    return pool.preparedQuery(
            "select "
                + Columns.MEMBER
                + " from members where image_id = $1 and ($2 or member = $3)"
                + " order by created_at, member")
        .execute(Tuple.of(image.id().value(), seesAll(caller, image), caller.project()))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Rows::toMember).toList());
  }

  /** Fails as not found if the caller does not see the member. */
  public Future<Member> get(ImageAccess access, String project) {
    return shared(access)
        .map(image -> requireSeen(access.caller(), image, project))
        .compose(
            image ->
                pool.preparedQuery(
                        "select "
                            + Columns.MEMBER
                            + " from members where image_id = $1 and member = $2")
                    .execute(Tuple.of(image.id().value(), project)))
        .map(rows -> one(rows, access.id(), project));
  }

  /** Sets the member's status; a missing membership is reported before a missing permission. */
  public Future<Member> update(ImageAccess access, String project, MemberStatus status) {
    return Transactions.in(
        pool,
        connection ->
            lock(connection, access, image -> image)
                .map(image -> requireSeen(access.caller(), image, project))
                .compose(
                    image ->
                        connection
                            .preparedQuery(
                                """
                                update members set status = $3, updated_at = now()
                                where image_id = $1 and member = $2 returning
                                """
                                    + Columns.MEMBER)
                            .execute(Tuple.of(image.id().value(), project, status.text()))
                            .map(rows -> one(rows, image.id(), project))
                            .map(member -> permitted(member, image, access.permit())))
                .compose(member -> tell(connection, member, Change.UPDATE)));
  }

  /** Removes a member; a missing membership is reported before a missing permission. */
  public Future<Void> remove(ImageAccess access, String project) {
    return Transactions.in(
        pool,
        connection ->
            lock(connection, access, image -> image)
                .map(image -> requireSeen(access.caller(), image, project))
                .compose(
                    image ->
                        connection
                            .preparedQuery(
                                "delete from members where image_id = $1 and member = $2"
                                    + " returning "
                                    + Columns.MEMBER)
                            .execute(Tuple.of(image.id().value(), project))
                            .map(rows -> one(rows, image.id(), project))
                            .map(member -> permitted(member, image, access.permit())))
                .compose(member -> tell(connection, member, Change.DELETE))
                .mapEmpty());
  }

  /** The changed member; fails without permission, which rolls the change back. */
  private static Member permitted(Member member, Image image, Permit permit) {
    permit.require(image);
    return member;
  }

  private Future<Member> tell(SqlConnection connection, Member member, Change change) {
    return AuditTrail.beside(
            outbox.member(connection, member, change), connection, entry(member, change))
        .map(member);
  }

  private static AuditEntry entry(Member member, Change change) {
    var action =
        switch (change) {
          case CREATE -> AuditAction.MEMBER_ADD;
          case UPDATE -> AuditAction.MEMBER_UPDATE;
          case DELETE -> AuditAction.MEMBER_REMOVE;
        };
    var entry = AuditEntry.of(member.image(), action).with("member", member.project());
    return change == Change.UPDATE ? entry.with("status", member.status().text()) : entry;
  }

  private static Future<Image> lock(SqlConnection connection, ImageAccess access, Permit permit) {
    return ImageCatalog.lockForChange(
        connection, access.id(), access.caller(), image -> permit.require(requireShared(image)));
  }

  private Future<Image> shared(ImageAccess access) {
    return ImageCatalog.find(pool, access.id(), access.caller(), "")
        .map(ImageMembers::requireShared)
        .map(access.permit()::require);
  }

  private static Image requireShared(Image image) {
    if (image.visibility() != Visibility.SHARED) {
      throw forbidden("Only shared images have members.");
    }
    return image;
  }

  private static boolean seesAll(Caller caller, Image image) {
    return caller.isAdmin() || caller.owns(image);
  }

  private static Image requireSeen(Caller caller, Image image, String project) {
    if (!seesAll(caller, image) && !project.equals(caller.project())) {
      throw absent(image.id(), project);
    }
    return image;
  }

  private static Member one(RowSet<Row> rows, ImageId id, String project) {
    if (rows.size() == 0) {
      throw absent(id, project);
    }
    return Rows.toMember(rows.iterator().next());
  }

  private static ProblemException absent(ImageId id, String project) {
    return notFound("%s not found in the member list of the image %s.".formatted(project, id));
  }
}
