package io.vitrine.api.imports;

import io.vitrine.image.Image;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportPlan;
import io.vitrine.image.task.ImportRequest;
import io.vitrine.image.task.RegionAccess;
import java.util.Optional;

/**
 * An import for which other services have been asked. Their objections are raised last.
 *
 * @param access how to read from the other region; empty if the source is not one
 * @param fault what keeps the data from being imported; empty if nothing does
 */
record PreparedImport(
    ImportForm form, Optional<RegionAccess> access, Optional<ProblemException> fault)
    implements ImportRequest {
  @Override
  public String methodName() {
    return form.methodName();
  }

  @Override
  public Image permit(Image image) {
    return form.permit(image);
  }

  @Override
  public ImportPlan plan(Image image) {
    var plan = form.plan(image);
    fault.ifPresent(
        found -> {
          throw found;
        });
    return form.region()
        .map(region -> region.with(access))
        .map(region -> new ImportPlan(region, plan.stores(), plan.allMustSucceed()))
        .orElse(plan);
  }
}
