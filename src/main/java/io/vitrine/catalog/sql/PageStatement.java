package io.vitrine.catalog.sql;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.sqlclient.Tuple;
import io.vitrine.metadef.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the statement for one page of a table of metadata definitions. Pages are found by key, not
 * by offset. Expressions are fixed; all values are parameters.
 */
public final class PageStatement {
  private final String table;
  private final String columns;
  private final List<String> conditions = new ArrayList<>();
  private final Tuple values = Tuple.tuple();

  /** Starts a statement; {@code table} and {@code columns} must be literals of the program. */
  public PageStatement(String table, String columns) {
    this.table = table;
    this.columns = columns;
  }

  /** Adds a condition in which {@code ?} stands for the value. */
  public PageStatement where(String condition, @Nullable Object value) {
    values.addValue(value);
    conditions.add(condition.replace("?", "$" + values.size()));
    return this;
  }

  /** Adds a condition without a value. */
  public PageStatement where(String condition) {
    conditions.add(condition);
    return this;
  }

  /**
   * Completes the statement.
   *
   * @param keys the sort expressions, never null, by their names in the API
   * @param scope the condition within which names are unique
   */
  public String sql(Page page, Map<String, String> keys, String scope) {
    var key = keys.get(page.sortKey());
    if (key == null) {
      throw invalid(
          "The list cannot be sorted by %s; use one of %s."
              .formatted(
                  page.sortKey(), String.join(", ", keys.keySet().stream().sorted().toList())));
    }
    var order = "(%s, created_at, id)".formatted(key);
    var direction = page.isDescending() ? "desc" : "asc";
    page.marker()
        .ifPresent(
            marker ->
                where(
                    "%s %s (select %s, created_at, id from %s where %s and name = ?)"
                        .formatted(order, page.isDescending() ? "<" : ">", key, table, scope),
                    marker));
    var sql =
        "select %s from %s where %s order by %s %s, created_at %s, id %s"
            .formatted(
                columns,
                table,
                String.join(" and ", conditions),
                key,
                direction,
                direction,
                direction);
    if (page.limit().isEmpty()) {
      return sql;
    }
    values.addValue(page.limit().get());
    return sql + " limit $" + values.size();
  }

  /** The values of all parameters, in order; complete only after {@link #sql}. */
  public Tuple values() {
    return values;
  }
}
