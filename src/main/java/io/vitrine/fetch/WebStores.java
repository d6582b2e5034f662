package io.vitrine.fetch;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.address.Url;
import java.util.List;
import java.util.Optional;

/**
 * Stores whose data is on other servers. Each has its own URL rules; a URL belongs to the first
 * store that permits it.
 *
 * @param stores in order of precedence
 */
public record WebStores(List<WebStore> stores) {
  /** Copies the list. */
  public WebStores {
    stores = List.copyOf(stores);
  }

  /**
   * One such store.
   *
   * @param comparesLengths whether data added to an image must have the image's size
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

  /** A URL in its fetchable form, with the store it belongs to. */
  public record WebLocation(WebStore store, Url url) {}

  /** Whether there are no such stores. */
  public boolean isEmpty() {
    return stores.isEmpty();
  }

  /**
   * The fetcher of a store.
   *
   * @throws ProblemException with {@link Problem.Unavailable} if this deployment has no such store
   */
  public Fetcher fetcher(String id) {
    return find(id)
        .map(WebStore::fetcher)
        .orElseThrow(() -> unavailable("The image's data is in no store of this service."));
  }

  /**
   * The store that a URL belongs to.
   *
   * @param wanted the id of the store that the user names; ignored unless it is one of these
   * @throws ProblemException with {@link Problem.Invalid} and the first store's reason against the
   *     URL, or if there is no store
   */
  public WebLocation place(String url, Optional<String> wanted) {
    var candidates = wanted.flatMap(this::find).map(List::of).orElse(stores);
    var store =
        candidates.stream()
            .filter(each -> each.permits(url))
            .findFirst()
            .or(() -> candidates.stream().findFirst())
            .orElseThrow(() -> invalid("The location is in no store of this service."));
    return new WebLocation(store, store.rules().check(url));
  }

  private Optional<WebStore> find(String id) {
    return stores.stream().filter(store -> store.id().equals(id)).findFirst();
  }
}
