package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import java.util.UUID;

/** A task about to be queued. */
record NewTask(UUID id, ImageId image, String type, TaskOrigin origin, JsonObject input) {
  /** Queues the task for a caller; work starts at the checkpoint. */
  Future<Void> insert(SqlConnection connection, Caller caller, JsonObject checkpoint) {
    return connection
        .preparedQuery(
            """
            insert into tasks (id, image_id, type, status, owner, user_id, request_id, input, checkpoint, roles,
              traceparent)
            values ($1, $2, $3, 'pending', $4, $5, $6, $7, $8, $9, $10)
            """)
        .execute(
            Tuple.tuple()
                .addValue(id)
                .addValue(image.value())
                .addValue(type)
                .addValue(caller.project())
                .addValue(caller.user())
                .addValue(origin.requestId())
                .addValue(input)
                .addValue(checkpoint)
                .addArrayOfString(caller.roles().toArray(String[]::new))
                .addValue(origin.traceparent().orElse(null)))
        .mapEmpty();
  }
}
