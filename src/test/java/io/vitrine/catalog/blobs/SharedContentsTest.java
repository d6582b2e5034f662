package io.vitrine.catalog.blobs;

import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.IMAGE_PLAN;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.STORE;
import static io.vitrine.catalog.TestingCatalog.holder;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.result;
import static io.vitrine.catalog.TestingCatalog.unlimited;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.catalog.blobs.SharedContents.Leftover;
import io.vitrine.catalog.blobs.SharedContents.Sharing;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Blobs that share bytes, with a set of ids for a store. A process that is killed is one that does
 * not go on.
 */
@ExtendWith(TestingCatalog.class)
class SharedContentsTest {
  private final Pool pool;
  private final ImageCatalog images;
  private final ImageLocations locations;
  private final BlobJournal journal;
  private final UnwantedBlobs unwanted;
  private final SharedContents contents;
  private final Set<UUID> store = new HashSet<>();

  SharedContentsTest(Pool pool) {
    this.pool = pool;
    this.images = new ImageCatalog(pool, false);
    this.locations = new ImageLocations(pool);
    this.contents = new SharedContents(pool);
    this.unwanted = new UnwantedBlobs(pool);
    this.journal =
        new BlobJournal(
            pool,
            holder(Duration.ofMinutes(1)),
            unlimited(pool),
            new Sharing(Map.of(STORE, false)));
  }

  private BlobJournal.Begun begin() throws Exception {
    var image = result(images.create(image()));
    var begun = result(journal.beginUpload(image.id(), ALICE, PERMITTED, IMAGE_PLAN));
    store.add(begun.blob().id());
    return begun;
  }

  private Future<Void> commit(BlobJournal.Begun begun, int content) {
    var digests = new Digests("md5", HashAlgorithm.SHA512, "sha512-" + content);
    return journal.commitUpload(begun, 100 + content, digests, Optional.empty());
  }

  private ImageId upload(int content) throws Exception {
    var begun = begin();
    result(commit(begun, content));
    return begun.blob().image();
  }

  private UUID bytes(ImageId image) throws Exception {
    return result(locations.of(image)).getFirst().blob().content();
  }

  private void delete(ImageId image) throws Exception {
    result(images.delete(image, ALICE, PERMITTED));
  }

  private void collect() throws Exception {
    for (var blob : result(unwanted.page(1000))) {
      store.remove(blob.id());
      result(unwanted.forget(blob));
    }
    result(contents.release());
    for (var leftover : leftovers()) {
      store.remove(leftover.bytes().id());
      result(contents.removed(leftover));
    }
  }

  private List<Leftover> leftovers() throws Exception {
    return result(contents.leftovers(1000));
  }

  /** Until nothing is left to do. */
  private void settle() throws Exception {
    for (int round = 0; round < 3; round++) {
      collect();
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void refersToEqualBytesAndDropsItsOwn() throws Exception {
    var first = upload(1);
    var second = upload(1);
    var other = upload(2);

    assertThat(bytes(second)).isEqualTo(bytes(first));
    assertThat(bytes(other)).isNotEqualTo(bytes(first));
    assertThat(leftovers()).hasSize(1).allMatch(each -> each instanceof Leftover.Spare);
    settle();
    assertThat(store).containsExactlyInAnyOrder(bytes(first), bytes(other));
  }

  @Test
  void removesBytesWithTheLastReference() throws Exception {
    var first = upload(1);
    var second = upload(1);
    var shared = bytes(first);

    delete(first);
    settle();

    assertThat(store).containsExactly(shared);
    assertThat(bytes(second)).isEqualTo(shared);
    delete(second);
    settle();
    assertThat(store).isEmpty();
  }

  @Test
  void refersToNothingThatIsBeingRemoved() throws Exception {
    var first = upload(1);
    var old = bytes(first);
    delete(first);
    result(contents.release());
    var removing = leftovers();

    var second = upload(1);
    for (var leftover : removing) {
      store.remove(leftover.bytes().id());
      result(contents.removed(leftover));
    }
    settle();

    assertThat(bytes(second)).isNotEqualTo(old);
    assertThat(store).containsExactly(bytes(second));
  }

  @Test
  void keepsBytesThatAreReferredToAgainBeforeTheLastReferenceGoes() throws Exception {
    var first = upload(1);
    delete(first);

    var second = upload(1);
    settle();

    assertThat(store).containsExactly(bytes(second));
  }

  @Test
  void lastsThroughAKillAfterEveryStep() throws Exception {
    var first = upload(1);
    var second = upload(1);
    delete(second);
    var spare = leftovers();
    spare.forEach(each -> store.remove(each.bytes().id()));
    assertThat(leftovers()).isEqualTo(spare);
    settle();
    delete(first);
    result(contents.release());
    var unreferenced = leftovers();
    assertThat(unreferenced).hasSize(1).allMatch(each -> each instanceof Leftover.Unreferenced);
    unreferenced.forEach(each -> store.remove(each.bytes().id()));
    assertThat(leftovers()).isEqualTo(unreferenced);
    result(contents.release());

    settle();

    assertThat(store).isEmpty();
  }

  @Test
  void refersToNothingThatIsDamaged() throws Exception {
    var scrub = new ScrubJournal(pool, holder(Duration.ofMinutes(1)));
    var first = upload(1);
    var second = upload(1);
    var blob = result(locations.of(second)).getFirst().blob();

    assertThat(result(scrub.judge(blob.id(), Verdict.DAMAGED))).isTrue();

    assertThat(result(scrub.unsound(STORE))).isEqualTo(Map.of(Verdict.DAMAGED, 2L));
    var third = upload(1);
    assertThat(bytes(third)).isNotEqualTo(bytes(first));
    assertThat(bytes(upload(1))).isEqualTo(bytes(third));
  }

  @Test
  void knowsWhatMayLieInAStore() throws Exception {
    var scrub = new ScrubJournal(pool, holder(Duration.ofMinutes(1)));
    var first = upload(1);
    var shared = bytes(first);
    var second = upload(1);
    var own = result(locations.of(second)).getFirst().blob().id();
    delete(first);

    assertThat(result(scrub.unknown(List.of(shared, own)))).isEmpty();
    settle();

    assertThat(result(scrub.unknown(List.of(shared, own)))).containsExactly(own);
  }

  /** Batches of commits, deletions and collections that run at the same time. */
  @Test
  void countsRightWhateverComesTogether() throws Exception {
    for (int seed = 0; seed < 15; seed++) {
      var chance = new Random(seed);
      var live = new ArrayList<ImageId>();
      for (int batch = 0; batch < 6; batch++) {
        var work = new ArrayList<Future<?>>();
        for (int i = 0; i < 6; i++) {
          var begun = begin();
          live.add(begun.blob().image());
          work.add(commit(begun, chance.nextInt(2)));
        }
        while (live.size() > 6) {
          work.add(images.delete(live.remove(chance.nextInt(live.size() - 6)), ALICE, PERMITTED));
          work.add(contents.release());
        }
        result(Future.join(work));
        collect();
        requireAll(live);
      }
      for (var image : live) {
        delete(image);
      }
      settle();
      assertThat(store).as("seed " + seed).isEmpty();
    }
  }

  private void requireAll(List<ImageId> live) throws Exception {
    var needed = new HashSet<UUID>();
    for (var image : live) {
      needed.add(bytes(image));
    }
    assertThat(store).containsAll(needed);
    var counted =
        result(
            pool.query(
                    """
                    select id from contents
                    where refs <> (select count(*) from blobs where content = contents.id)
                    """)
                .execute());
    assertThat(counted.size()).isZero();
  }
}
