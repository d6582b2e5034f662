package io.vitrine.api.imports;

import static io.vertx.core.http.HttpMethod.POST;

import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.RouteGroup;

/** The routes of imports and of their tasks. */
public record ImportRoutes(
    ImportHandler imports, TasksHandler tasks, LegacyTasksHandler legacyTasks)
    implements RouteGroup {
  @Override
  public void addTo(Endpoints endpoints) {
    endpoints.write(POST, "/images/:image/import", imports::submit);
    endpoints.read("/images/:image/tasks", tasks::ofImage);
    endpoints.write(POST, "/tasks", legacyTasks::create);
    endpoints.readWithBody("/tasks", legacyTasks::list);
    endpoints.read("/tasks/:task", legacyTasks::show);
  }
}
