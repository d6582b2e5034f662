package io.vitrine.catalog;

import static io.vitrine.image.problem.ProblemException.forbidden;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vitrine.app.TestingServer;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.catalog.database.PgPool;
import io.vitrine.catalog.images.Quotas;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.catalog.tasks.TokenCipher;
import io.vitrine.image.Caller;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Permit;
import io.vitrine.image.Visibility;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.testing.OncePerJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one PostgreSQL of this JVM for catalogs, empty before each test. */
public final class TestingCatalog implements ParameterResolver, BeforeEachCallback {
  public static final Caller ADMIN = new Caller("root", "operators", Set.of("admin"));
  public static final Caller ALICE = new Caller("alice", "a", Set.of("member"));
  public static final Caller BOB = new Caller("bob", "b", Set.of("member"));
  public static final Permit PERMITTED = image -> image;
  public static final Permit FORBIDDEN =
      image -> {
        throw forbidden("no");
      };
  public static final Digests DIGESTS = new Digests("5d", HashAlgorithm.SHA512, "512");
  public static final Digests STAGED = new Digests(null, HashAlgorithm.SHA512, "513");

  /** A blob as it is known once it has been staged. */
  public static StoredBlob stored(BlobRef blob, long size) {
    return new StoredBlob(blob, size, Optional.of(STAGED.value()));
  }

  public static final TokenCipher SEAL = TokenCipher.ofThisProcess();
  static final String NODE = "node";
  public static final String STORE = "local";
  public static final BlobPlan IMAGE_PLAN = BlobPlan.image(STORE, NODE, Optional.empty());
  public static final BlobPlan STAGING_PLAN = BlobPlan.staging(NODE, Optional.empty());
  public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Pool.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return running().pool;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    result(running().pool.query("truncate images, contents cascade").execute());
  }

  private static Running running() {
    return OncePerJvm.get(Running.class, Running::start);
  }

  /** The result once it is there. */
  public static <T> T result(Future<T> result) throws TimeoutException {
    return result.await(20, SECONDS);
  }

  /** Why it failed. */
  public static Problem problem(Future<?> failing) throws TimeoutException {
    try {
      result(failing);
    } catch (ProblemException expected) {
      return expected.problem();
    }
    throw new AssertionError("this should have failed");
  }

  /** A process of its own, whose leases last so long. */
  public static Leaseholder holder(Duration ttl) {
    return new Leaseholder(UUID.randomUUID(), ttl);
  }

  /** Quotas of nobody. */
  public static Quotas unlimited(Pool pool) {
    return new Quotas(pool, Optional.empty());
  }

  /** A blob that has been begun, and whose size no quota limits. */
  public static BlobJournal.Begun begun(BlobRef blob) {
    return new BlobJournal.Begun(blob, image());
  }

  /** A queued image of Alice's with both formats. */
  public static Image image() {
    return image(ImageStatus.QUEUED, Visibility.SHARED, "a");
  }

  public static Image image(ImageStatus status, Visibility visibility, String owner) {
    return new Image(
        ImageId.random(),
        new Image.State(status, new Image.Ownership(owner, visibility, false, false), NOW, NOW),
        new Image.Metadata(
            "name", new Image.Requirements("raw", "bare", 0, 0), new TreeSet<>(), Map.of()),
        Image.Content.NONE);
  }

  private static final class Running implements AutoCloseable {
    private final Path directory;
    private final Vertx vertx = Vertx.vertx();
    private final Pool pool;

    private Running(Path directory) {
      this.directory = directory;
      pool =
          PgPool.open(
              vertx,
              TestingDatabase.of(directory),
              VitrineConfig.load(List.of(), Map.of()).database());
    }

    static Running start() {
      try {
        return new Running(TestingServer.newDirectory());
      } catch (IOException failure) {
        throw new IllegalStateException("the catalog's PostgreSQL does not start", failure);
      }
    }

    @Override
    public void close() throws IOException {
      vertx.close().await();
      TestingServer.remove(directory);
    }
  }
}
