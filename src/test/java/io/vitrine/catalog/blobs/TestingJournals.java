package io.vitrine.catalog.blobs;

import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.IMAGE_PLAN;
import static io.vitrine.catalog.TestingCatalog.holder;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.result;
import static io.vitrine.catalog.TestingCatalog.unlimited;

import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one process has for uploads in the catalog, for tests of it. */
@ExtendWith(TestingCatalog.class)
abstract class TestingJournals {
  static final Duration LONG = Duration.ofHours(1);
  static final UploadsConfig CONFIG = new UploadsConfig(LONG, LONG);

  final Pool pool;
  final Leaseholder process = holder(LONG);
  final ImageCatalog catalog;
  final BlobJournal blobs;
  final UnwantedBlobs unwanted;
  final UploadJournal journal;
  final UploadEndings endings;

  TestingJournals(Pool pool) {
    this.pool = pool;
    this.catalog = new ImageCatalog(pool);
    this.blobs = new BlobJournal(pool, process, unlimited(pool));
    this.unwanted = new UnwantedBlobs(pool);
    this.journal = new UploadJournal(pool, process, unlimited(pool), CONFIG);
    this.endings = new UploadEndings(pool, process, blobs);
  }

  final ImageId createImage() throws Exception {
    return result(catalog.create(image())).id();
  }

  final ImageStatus status(ImageId id) throws Exception {
    return result(catalog.get(id, ALICE)).status();
  }

  static BlobPlan plan(long length) {
    return new BlobPlan(
        IMAGE_PLAN.store(), IMAGE_PLAN.purpose(), IMAGE_PLAN.node(), Optional.of(length));
  }
}
