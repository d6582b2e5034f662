package io.vitrine.catalog.sql;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PrepareOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/** A pool that shares its connections fairly and reports failures to the watch. */
public final class FairPool implements Pool {
  private final Pool pool;
  private final ConnectionRoom room;
  private final DatabaseWatch watch;
  private final Supplier<String> client;

  private FairPool(Pool pool, ConnectionRoom room, DatabaseWatch watch, Supplier<String> client) {
    this.pool = pool;
    this.room = room;
    this.watch = watch;
    this.client = client;
  }

  /** The pool for requests: the client is the one that the current context works for. */
  public static FairPool ofRequests(Pool pool, ConnectionRoom room, DatabaseWatch watch) {
    return new FairPool(pool, room, watch, Requester::current);
  }

  /** The same pool for a part of this process, which counts as a client of its own. */
  public FairPool ofPart(String name) {
    return new FairPool(pool, room, watch, () -> name);
  }

  private <T extends @Nullable Object> Future<T> use(Supplier<Future<T>> work) {
    return room.use(client.get(), work).onFailure(watch::failed);
  }

  @Override
  public <T> Future<@Nullable T> withConnection(Function<SqlConnection, Future<@Nullable T>> work) {
    return use(() -> pool.withConnection(work));
  }

  /** Unsupported, because nobody would report that the connection is returned. */
  @Override
  public Future<SqlConnection> getConnection() {
    throw new UnsupportedOperationException("use withConnection");
  }

  @Override
  public Query<RowSet<Row>> query(String sql) {
    return new FairQuery<>(pool.query(sql));
  }

  @Override
  public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
    return new FairPreparedQuery<>(pool.preparedQuery(sql));
  }

  @Override
  public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
    return new FairPreparedQuery<>(pool.preparedQuery(sql, options));
  }

  @Override
  public int size() {
    return pool.size();
  }

  @Override
  public Future<Void> close() {
    return pool.close();
  }

  private final class FairQuery<T> implements Query<T> {
    private final Query<T> query;

    FairQuery(Query<T> query) {
      this.query = query;
    }

    @Override
    public Future<T> execute() {
      return use(query::execute);
    }

    @Override
    public <R> Query<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
      return new FairQuery<>(query.collecting(collector));
    }

    @Override
    public <U> Query<RowSet<U>> mapping(Function<Row, U> mapper) {
      return new FairQuery<>(query.mapping(mapper));
    }
  }

  private final class FairPreparedQuery<T> implements PreparedQuery<T> {
    private final PreparedQuery<T> query;

    FairPreparedQuery(PreparedQuery<T> query) {
      this.query = query;
    }

    @Override
    public Future<T> execute() {
      return use(query::execute);
    }

    @Override
    public Future<T> execute(Tuple tuple) {
      return use(() -> query.execute(tuple));
    }

    @Override
    public Future<T> executeBatch(List<Tuple> batch) {
      return use(() -> query.executeBatch(batch));
    }

    @Override
    public <R> PreparedQuery<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
      return new FairPreparedQuery<>(query.collecting(collector));
    }

    @Override
    public <U> PreparedQuery<RowSet<U>> mapping(Function<Row, U> mapper) {
      return new FairPreparedQuery<>(query.mapping(mapper));
    }
  }
}
