package io.vitrine.importer.location;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vitrine.catalog.tasks.LocationResults;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.task.LocationTask;
import io.vitrine.importer.FakeReports;
import io.vitrine.importer.FakeStores;
import io.vitrine.importer.TestingFetcher;
import io.vitrine.importer.TestingImports;
import io.vitrine.importer.TestingWorker;
import io.vitrine.importer.run.Failure;
import io.vitrine.net.address.Url;
import io.vitrine.testing.TestingSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocationCheckTest {
  private static final byte[] DATA = "data at a location".getBytes(StandardCharsets.UTF_8);
  private static final String STORE = "web";

  private final TestingWorker worker = new TestingWorker();
  private final TestingSource source = TestingSource.start();
  private final FakeReports reports = new FakeReports();
  private final FakeResults results = new FakeResults();

  LocationCheckTest() throws Exception {}

  /** Records what was learnt, in order. */
  private static final class FakeResults implements LocationResults {
    private final List<String> events = new ArrayList<>();

    @Override
    public Future<Void> located(LocationTask task, long size, Optional<String> hashAlgorithm) {
      events.add("located %d %s".formatted(size, hashAlgorithm.orElse("-")));
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> hashed(LocationTask task, Digests digests) {
      events.add("hashed %s %s".formatted(digests.algorithm(), digests.value()));
      return Future.succeededFuture();
    }
  }

  @AfterEach
  void close() throws Exception {
    worker.close();
    source.close();
  }

  @Test
  void makesTheImageUsableBeforeItHashesTheData() throws Exception {
    check(source.serve(DATA), Optional.empty(), true);

    assertThat(results.events)
        .containsExactly("located %d sha512".formatted(DATA.length), "hashed sha512 " + sha512());
    assertThat(reports.steps().getLast().getString("step")).isEqualTo("hashing");
    assertThat(reports.steps().getLast().getLong("bytes")).isEqualTo(DATA.length);
  }

  @Test
  void verifiesAClaimBeforeTheImageIsUsable() throws Exception {
    check(source.serve(DATA), claim(sha512()), true);

    assertThat(results.events)
        .containsExactly("hashed sha512 " + sha512(), "located %d -".formatted(DATA.length));
  }

  @Test
  void refusesDataWithAnotherDigestThanClaimed() {
    var failure = catchThrowable(() -> check(source.serve(DATA), claim("0".repeat(128)), true));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(results.events).isEmpty();
  }

  @Test
  void believesAClaimIfNothingIsHashed() throws Exception {
    check(source.serve(DATA), claim("0".repeat(128)), false);

    assertThat(results.events)
        .containsExactly("hashed sha512 " + "0".repeat(128), "located %d -".formatted(DATA.length));
  }

  @Test
  void blamesAServerThatBreaksTheTransfer() {
    var url = source.serve(client -> TestingSource.send(client, DATA, 3));

    var failure = catchThrowable(() -> check(url, claim(sha512()), true));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.COUNTED);
  }

  @Test
  void refusesALocationThatTheImageNoLongerHas() {
    var task =
        new LocationTask(
            TestingImports.head(TestingImports.image(), 1),
            Url.parse("http://127.0.0.1:%d/".formatted(source.port())),
            Optional.empty(),
            List.of());

    var failure = catchThrowable(() -> check(task, true));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
  }

  private static Optional<HashClaim> claim(String sha512) {
    return Optional.of(new HashClaim(HashAlgorithm.SHA512, sha512));
  }

  private static String sha512() {
    return FakeStores.digests(DATA).orElseThrow().value();
  }

  private void check(String url, Optional<HashClaim> claim, boolean isHashed) throws Exception {
    var parsed = Url.parse(url);
    var head = TestingImports.head(TestingImports.image(), 1);
    var id = UUID.randomUUID();
    var blob =
        new BlobRef(
            id,
            head.image().id(),
            BlobRef.Purpose.IMAGE,
            new BlobRef.Place(STORE, TestingWorker.NODE),
            Optional.of(parsed),
            id);
    check(new LocationTask(head, parsed, claim, List.of(blob)), isHashed);
  }

  private void check(LocationTask task, boolean isHashed) throws Exception {
    var check =
        new LocationCheck(
            worker.loop(),
            TestingFetcher.store(worker.vertx(), STORE, source.port()),
            results,
            Long.MAX_VALUE,
            isHashed);
    worker.call(
        () -> {
          var run = worker.run(task, reports);
          check.run(run);
          run.conclude(Optional.empty());
          return null;
        });
  }
}
