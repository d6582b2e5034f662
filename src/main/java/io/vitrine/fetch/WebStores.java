package io.vitrine.fetch;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.address.Url;
import java.util.List;
import java.util.Optional;

/**
 * The stores whose data lies on servers of others. Each has rules of its own for what URLs may be;
 * a URL belongs to the first store that permits it.
 *
 * @param stores in the order in which they are asked
 */
public record WebStores(List<WebStore> stores) {
  /** Copies the list. */
  public WebStores {
    stores = List.copyOf(stores);
  }

  /**
   * One of them.
   *
   * @param comparesLengths whether data that is added to an image must be as long as the image
   */
  public record WebStore(String id, UriRules rules, Fetcher fetcher, boolean comparesLengths) {
    private boolean permits(String url) {
      try {
        rules.check(url);
        return true;
      } catch (ProblemException refused) {
        return false;
      }
    }
  }

  /** A URL as it is fetched, and the store that it belongs to. */
  public record Place(WebStore store, Url url) {}

  /** Whether there is none. */
  public boolean isEmpty() {
    return stores.isEmpty();
  }

  /**
   * What reads the data of a store.
   *
   * @throws ProblemException with {@link Problem.Unavailable} if this deployment has no such store
   */
  public Fetcher fetcher(String id) {
    return find(id)
        .map(WebStore::fetcher)
        .orElseThrow(
            () ->
                new ProblemException(
                    new Problem.Unavailable("The image's data is in no store of this service.")));
  }

  /**
   * Where a URL belongs.
   *
   * @param wanted the id of the store that the user names, which counts if it is one of these
   * @throws ProblemException with {@link Problem.Invalid} that says what the first store has
   *     against the URL, or that there is no store
   */
  public Place place(String url, Optional<String> wanted) {
    var candidates = wanted.flatMap(this::find).map(List::of).orElse(stores);
    var store =
        candidates.stream()
            .filter(each -> each.permits(url))
            .findFirst()
            .or(() -> candidates.stream().findFirst())
            .orElseThrow(
                () ->
                    new ProblemException(
                        new Problem.Invalid("The location is in no store of this service.")));
    return new Place(store, store.rules().check(url));
  }

  private Optional<WebStore> find(String id) {
    return stores.stream().filter(store -> store.id().equals(id)).findFirst();
  }
}
