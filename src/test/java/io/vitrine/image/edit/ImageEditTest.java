package io.vitrine.image.edit;

import static io.vitrine.image.TestingImages.ADMIN;
import static io.vitrine.image.TestingImages.LATER;
import static io.vitrine.image.TestingImages.LIMITS;
import static io.vitrine.image.TestingImages.MEMBER;
import static io.vitrine.image.TestingImages.NOW;
import static io.vitrine.image.TestingImages.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Visibility;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageEditTest {
  private static final String DISK = "\uD83D\uDCBF";

  private final ImageEdit created = ImageEdit.create(MEMBER, LIMITS, NOW);

  @Test
  void createsWithDefaults() {
    var image = created.toImage(NOW);

    assertThat(image.status()).isEqualTo(ImageStatus.QUEUED);
    assertThat(image.visibility()).isEqualTo(Visibility.SHARED);
    assertThat(image.owner()).isEqualTo("project-a");
    assertThat(image.name()).isNull();
    assertThat(image.isProtected()).isFalse();
    assertThat(image.isHidden()).isFalse();
    assertThat(image.minDisk()).isZero();
    assertThat(image.minRam()).isZero();
    assertThat(image.size()).isNull();
    assertThat(image.virtualSize()).isNull();
    assertThat(image.digests()).isNull();
    assertThat(image.hasFormats()).isFalse();
    assertThat(image.createdAt()).isEqualTo(NOW);
    assertThat(image.updatedAt()).isEqualTo(NOW);
  }

  @Test
  void createsWithAllThatMayBeGiven() {
    var image =
        created
            .set("id", "71C675AB-d94f-49cd-a114-e12490b328d9")
            .set("name", "cirros")
            .set("visibility", "community")
            .set("protected", true)
            .set("os_hidden", true)
            .set("owner", "project-a")
            .set("disk_format", "qcow2")
            .set("container_format", "bare")
            .set("min_disk", 3)
            .set("min_ram", Integer.MAX_VALUE)
            .set("tags", List.of("b", "a", "b"))
            .set("os_type", "linux")
            .toImage(NOW);

    assertThat(image.id()).hasToString("71c675ab-d94f-49cd-a114-e12490b328d9");
    assertThat(image.name()).isEqualTo("cirros");
    assertThat(image.visibility()).isEqualTo(Visibility.COMMUNITY);
    assertThat(image.isProtected()).isTrue();
    assertThat(image.isHidden()).isTrue();
    assertThat(image.diskFormat()).isEqualTo("qcow2");
    assertThat(image.containerFormat()).isEqualTo("bare");
    assertThat(image.minDisk()).isEqualTo(3);
    assertThat(image.minRam()).isEqualTo(Integer.MAX_VALUE);
    assertThat(image.tags()).containsExactly("a", "b");
    assertThat(image.properties()).isEqualTo(Map.of("os_type", "linux"));
  }

  @Test
  void changesOnlyWhatIsSetAndTheTime() {
    var before = image(ImageStatus.ACTIVE);

    var after = ImageEdit.of(before, MEMBER, LIMITS).set("name", null).toImage(LATER);

    assertThat(after.name()).isNull();
    assertThat(after.updatedAt()).isEqualTo(LATER);
    assertThat(after)
        .usingRecursiveComparison()
        .ignoringFields("metadata.name", "state.updatedAt")
        .isEqualTo(before);
  }

  static Stream<Arguments> invalidValues() {
    return Stream.of(
        arguments("id", "71c675ab"),
        arguments("id", 7),
        arguments("id", null),
        arguments("name", "x".repeat(256)),
        arguments("name", 7),
        arguments("name", "disk " + DISK),
        arguments("name", "a\0b"),
        arguments("visibility", "everyone"),
        arguments("visibility", "PUBLIC"),
        arguments("visibility", null),
        arguments("protected", "true"),
        arguments("protected", null),
        arguments("os_hidden", 1),
        arguments("owner", 7),
        arguments("disk_format", 7),
        arguments("min_disk", -1),
        arguments("min_disk", "1"),
        arguments("min_disk", 1.5),
        arguments("min_disk", null),
        arguments("min_ram", 1L << 31),
        arguments("tags", "a"),
        arguments("tags", null),
        arguments("tags", List.of(7)),
        arguments("tags", List.of("x".repeat(256))),
        arguments("tags", List.of(DISK)),
        arguments("os_type", 7),
        arguments("os_type", true),
        arguments("os_type", Map.of()),
        arguments("os_type", DISK),
        arguments("os_type", "a\0"),
        arguments(DISK, "value"),
        arguments("a\0", "value"),
        arguments("", "value"),
        arguments("x".repeat(256), "value"));
  }

  @ParameterizedTest
  @MethodSource("invalidValues")
  void refusesValuesThatAreNot(String key, @Nullable Object value) {
    assertProblem(Problem.Invalid.class, () -> created.set(key, value));
  }

  @Test
  void takesTextsOfTheGreatestLength() {
    var text = "é".repeat(255);

    var image = created.set("name", text).set("tags", List.of(text)).set(text, "x").toImage(NOW);

    assertThat(image.name()).isEqualTo(text);
    assertThat(image.tags()).containsExactly(text);
    assertThat(image.properties()).containsOnlyKeys(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "size",
        "virtual_size",
        "checksum",
        "os_hash_algo",
        "os_hash_value",
        "created_at",
        "updated_at",
        "self",
        "file",
        "schema",
        "direct_url",
        "stores",
        "location",
        "locations",
        "deleted",
        "deleted_at",
        "os_glance",
        "os_glance_import_task",
        "os_glance_failed_import"
      })
  void forbidsWhatOnlyTheServiceWrites(String key) {
    assertProblem(Problem.Forbidden.class, () -> created.set(key, "x"));
    assertProblem(Problem.Forbidden.class, () -> created.remove(key));
  }

  @Test
  void forbidsToChangeTheId() {
    var edit = ImageEdit.of(image(ImageStatus.QUEUED), MEMBER, LIMITS);

    assertProblem(Problem.Forbidden.class, () -> edit.set("id", ImageId.random().toString()));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"project-b", ""})
  void forbidsToGiveAnImageToOthers(@Nullable String owner) {
    var edit = ImageEdit.of(image(ImageStatus.QUEUED), MEMBER, LIMITS);

    assertProblem(Problem.Forbidden.class, () -> edit.set("owner", owner));
  }

  @Test
  void letsAnAdminGiveAnImageToOthers() {
    var edit = ImageEdit.of(image(ImageStatus.ACTIVE), ADMIN, LIMITS);

    assertThat(edit.set("owner", "project-b").toImage(NOW).owner()).isEqualTo("project-b");
    assertThat(edit.set("owner", null).toImage(NOW).owner()).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"QUEUED", "IMPORTING"})
  void changesFormatsBeforeThereIsData(ImageStatus status) {
    var image =
        ImageEdit.of(image(status), MEMBER, LIMITS)
            .set("disk_format", "qcow2")
            .set("container_format", null)
            .toImage(NOW);

    assertThat(image.diskFormat()).isEqualTo("qcow2");
    assertThat(image.containerFormat()).isNull();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"QUEUED", "IMPORTING"})
  void forbidsToChangeFormatsLater(ImageStatus status) {
    var edit = ImageEdit.of(image(status), MEMBER, LIMITS);

    assertProblem(Problem.Forbidden.class, () -> edit.set("disk_format", "qcow2"));
    assertProblem(Problem.Forbidden.class, () -> edit.set("container_format", null));
    assertThat(edit.set("disk_format", "raw").toImage(NOW).diskFormat()).isEqualTo("raw");
  }

  @Test
  void removesAProperty() {
    var edit = ImageEdit.of(image(ImageStatus.ACTIVE), MEMBER, LIMITS);

    assertThat(edit.remove("os_type").toImage(NOW).properties()).isEmpty();
    assertProblem(Problem.Conflict.class, () -> edit.remove("os_type"));
  }

  @Test
  void keepsAPropertyThatIsSetToNothing() {
    var edit = ImageEdit.of(image(ImageStatus.ACTIVE), MEMBER, LIMITS);

    var image = edit.set("os_type", null).set("other", null).toImage(NOW);

    assertThat(image.properties()).containsEntry("os_type", null).containsEntry("other", null);
    assertThat(edit.hasProperty("other")).isTrue();
  }

  @Test
  void guardsAPropertyThatIsSetToNothing() {
    var edit =
        ImageEdit.of(image(ImageStatus.ACTIVE), MEMBER, LIMITS)
            .guardedBy((operation, key) -> operation != PropertyGuard.Operation.UPDATE);

    assertProblem(Problem.Forbidden.class, () -> edit.set("os_type", null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "visibility",
        "protected",
        "os_hidden",
        "owner",
        "disk_format",
        "container_format",
        "min_disk",
        "min_ram",
        "tags"
      })
  void forbidsToRemoveWhatEveryImageHas(String key) {
    assertProblem(Problem.Forbidden.class, () -> created.remove(key));
  }

  @ParameterizedTest
  @CsvSource({"3, true", "4, false"})
  void countsTags(int count, boolean isAllowed) {
    var tags = Stream.iterate(0, n -> n + 1).limit(count).map(String::valueOf).toList();

    created.set("tags", tags);

    assertAllowed(isAllowed);
  }

  @ParameterizedTest
  @CsvSource({"3, true", "4, false"})
  void countsProperties(int count, boolean isAllowed) {
    for (int i = 0; i < count; i++) {
      created.set("key" + i, "value");
    }

    assertAllowed(isAllowed);
  }

  @Test
  void doesNotCountPropertiesOfTheService() {
    var limits = new ImageLimits(List.of("raw"), List.of("bare"), 0, -1);
    var reserved =
        Map.<String, @Nullable String>of("os_glance_failed_import", "fast", "os_glance_x", "");
    var plain = image(ImageStatus.QUEUED);
    var image =
        new Image(
            plain.id(),
            new Image.State(
                plain.status(),
                new Image.Ownership(plain.owner(), plain.visibility(), false, false),
                NOW,
                NOW),
            new Image.Metadata(null, Image.Requirements.NONE, plain.tags(), reserved),
            Image.Content.NONE);

    assertThat(ImageEdit.of(image, MEMBER, limits).toImage(NOW).properties()).isEqualTo(reserved);
  }

  @Test
  void takesAnyNumberWhenAQuotaIsNegative() {
    var limits = new ImageLimits(List.of(), List.of(), -1, -1);
    var edit = ImageEdit.create(MEMBER, limits, NOW);
    for (int i = 0; i < 1000; i++) {
      edit.set("key" + i, "value");
    }

    assertThat(edit.toImage(NOW).properties()).hasSize(1000);
  }

  private void assertAllowed(boolean isAllowed) {
    if (isAllowed) {
      assertThat(created.toImage(NOW)).isNotNull();
    } else {
      assertProblem(Problem.TooLarge.class, () -> created.toImage(NOW));
    }
  }

  private static void assertProblem(Class<? extends Problem> type, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            ProblemException.class, failure -> assertThat(failure.problem()).isInstanceOf(type));
  }
}
