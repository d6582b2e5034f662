package io.vitrine.image.task;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.HashClaim;
import io.vitrine.net.address.Url;
import java.util.List;
import java.util.Optional;

/**
 * A leased task that checks and hashes data at an external location, where the data stays.
 *
 * @param claim the digest that the user declares, if any
 * @param copies the image's locations
 */
public record LocationTask(TaskHead head, Url url, Optional<HashClaim> claim, List<BlobRef> copies)
    implements LeasedTask {
  /** The type of these tasks in the API and in the catalog. */
  public static final String TYPE = "location_import";

  /** Copies the list. */
  public LocationTask {
    copies = List.copyOf(copies);
  }

  @Override
  public String name() {
    return TYPE;
  }

  @Override
  public Workload workload() {
    return Workload.FETCH;
  }
}
