package io.vitrine.catalog.events;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.Member;
import io.vitrine.image.task.TaskView;
import io.vitrine.notification.Change;
import io.vitrine.notification.ImageEvent;
import io.vitrine.notification.Notification;
import io.vitrine.notification.Payloads;
import io.vitrine.notification.Subscription;
import io.vitrine.notification.TaskEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes notifications in the transaction of the change, so that both are committed or neither. It
 * writes none that nobody subscribes to.
 */
public final class Outbox {
  /** Discards all notifications. */
  public static final Outbox OFF = new Outbox(Subscription.NONE);

  private final Subscription subscription;

  /** Writes the notifications of a subscription. */
  public Outbox(Subscription subscription) {
    this.subscription = subscription;
  }

  /** Whether anybody subscribes to the event. */
  public boolean wants(ImageEvent event) {
    return subscription.wants(event.type());
  }

  /** Notifies of an image in its current state, deleted or not. */
  public Future<Void> image(SqlConnection connection, ImageId id, ImageEvent... events) {
    return image(connection, id, Map.of(), events);
  }

  /** Notifies of an image; an event about data about to be written carries more detail. */
  public Future<Void> image(
      SqlConnection connection, ImageId id, Map<String, Object> ofPrepare, ImageEvent... events) {
    var wanted = Arrays.stream(events).filter(this::wants).toList();
    if (wanted.isEmpty()) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery("select " + Columns.IMAGE + " from images where id = $1")
        .execute(Tuple.of(id.value()))
        .map(rows -> Rows.toImage(rows.iterator().next()))
        .compose(
            image ->
                put(
                    connection,
                    wanted.stream().map(event -> of(event, image, ofPrepare)).toList()));
  }

  private static Notification of(ImageEvent event, Image image, Map<String, Object> ofPrepare) {
    var payload =
        switch (event) {
          case PREPARE, UPLOAD -> Payloads.transferred(image);
          case DELETE -> Payloads.deleted(Payloads.image(image));
          default -> Payloads.image(image);
        };
    if (event == ImageEvent.PREPARE) {
      payload.putAll(ofPrepare);
    }
    return Notification.info(event.type(), image.id().toString(), payload);
  }

  /** Notifies of a membership. */
  public Future<Void> member(SqlConnection connection, Member member, Change change) {
    var payload = Payloads.member(member);
    return put(
        connection,
        List.of(
            Notification.info(
                change.of("image.member"),
                member.image().toString(),
                change == Change.DELETE ? Payloads.deleted(payload) : payload)));
  }

  /** Notifies of a task in its current state. */
  public Future<Void> task(SqlConnection connection, UUID id, TaskEvent... events) {
    var wanted = Arrays.stream(events).filter(event -> subscription.wants(event.type())).toList();
    if (wanted.isEmpty()) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery("select " + Columns.TASK + " from tasks where id = $1")
        .execute(Tuple.of(id))
        .map(rows -> Rows.toTask(rows.iterator().next()))
        .compose(task -> put(connection, wanted.stream().map(event -> of(event, task)).toList()));
  }

  private static Notification of(TaskEvent event, TaskView task) {
    var subject = task.image() == null ? task.id().toString() : task.image().toString();
    return Notification.info(event.type(), subject, Payloads.task(task));
  }

  /** Writes those of the notifications that have subscribers. */
  public Future<Void> put(SqlClient client, List<Notification> notifications) {
    var rows =
        notifications.stream()
            .filter(notification -> subscription.wants(notification.type()))
            .map(this::columns)
            .toList();
    return rows.isEmpty()
        ? Future.succeededFuture()
        : client
            .preparedQuery(
                """
                insert into notifications (sink, id, type, priority, subject, payload, created_at)
                select sink, $2, $3, $4, $5, $6, $7 from unnest($1::text[]) as sink
                """)
            .executeBatch(rows)
            .mapEmpty();
  }

  private Tuple columns(Notification notification) {
    return Tuple.tuple()
        .addArrayOfString(subscription.sinks().toArray(String[]::new))
        .addUUID(notification.id())
        .addString(notification.type())
        .addString(notification.priority().name())
        .addString(notification.subject())
        .addValue(toJson(notification.payload()))
        .addValue(Rows.toTime(notification.at()));
  }

  @SuppressWarnings("unchecked") // A payload's keys are texts.
  private static Object toJson(Object payload) {
    return payload instanceof Map<?, ?> map ? new JsonObject((Map<String, Object>) map) : payload;
  }
}
