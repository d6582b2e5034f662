package io.vitrine.benchmark;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/**
 * The least that a service on Vert.x and PostgreSQL can do: {@code GET} runs {@code select 1}, and
 * {@code POST} inserts one row. It runs in a process of its own, with as many event loops and
 * connections to the database as Vitrine has.
 */
public final class BareServer extends VerticleBase {
  private static final int INSTANCES = 2;
  private static final int PIPELINED = 16;

  private final Pool pool;
  private final int port;

  private BareServer(Pool pool, int port) {
    this.pool = pool;
    this.port = port;
  }

  /** Serves on a port with the database at a URL. */
  public static void main(String[] args) {
    var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(false));
    var options =
        PgConnectOptions.fromUri(args[1])
            .setCachePreparedStatements(true)
            .setPipeliningLimit(PIPELINED);
    int processors = Runtime.getRuntime().availableProcessors();
    var pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(Math.clamp(2L * processors, 4, 8)))
            .connectingTo(options)
            .using(vertx)
            .build();
    int port = Integer.parseInt(args[0]);
    pool.query("create table rows (id uuid primary key, body jsonb not null)")
        .execute()
        .compose(
            done ->
                vertx.deployVerticle(
                    () -> new BareServer(pool, port),
                    new DeploymentOptions().setInstances(INSTANCES)))
        .onFailure(
            failure -> {
              failure.printStackTrace();
              System.exit(1);
            });
  }

  @Override
  public Future<?> start() {
    return vertx.createHttpServer().requestHandler(this::answer).listen(port, "127.0.0.1");
  }

  private void answer(HttpServerRequest request) {
    var answer = request.response().putHeader("Content-Type", "application/json");
    (request.method().equals(HttpMethod.POST) ? insert(request) : select())
        .onSuccess(json -> answer.end(json.toBuffer()))
        .onFailure(failure -> answer.setStatusCode(500).end());
  }

  private Future<JsonObject> select() {
    return pool.preparedQuery("select 1")
        .execute()
        .map(rows -> new JsonObject().put("value", rows.iterator().next().getInteger(0)));
  }

  private Future<JsonObject> insert(HttpServerRequest request) {
    var id = UUID.randomUUID();
    return request
        .body()
        .compose(
            body ->
                pool.preparedQuery("insert into rows (id, body) values ($1, $2)")
                    .execute(Tuple.of(id, body.toJsonObject())))
        .map(rows -> new JsonObject().put("id", id.toString()));
  }
}
