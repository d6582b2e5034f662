package io.vitrine.image;

import static io.vitrine.image.TestingImages.ADMIN;
import static io.vitrine.image.TestingImages.MEMBER;
import static io.vitrine.image.TestingImages.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CallerTest {
  @ParameterizedTest
  @EnumSource
  void ownersAndAdminsSeeAndChangeAll(Visibility visibility) {
    var image = image("project-a", visibility);

    assertThat(MEMBER.sees(image, false)).isTrue();
    assertThat(ADMIN.sees(image, false)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"PUBLIC, true", "COMMUNITY, true", "SHARED, false", "PRIVATE, false"})
  void othersSeeSomeAndChangeNone(Visibility visibility, boolean isSeen) {
    var image = image("project-a", visibility);

    assertThat(STRANGER.sees(image, false)).isEqualTo(isSeen);
  }

  @ParameterizedTest
  @EnumSource
  void imagesWithoutOwnerAreSeenByAllAndChangedByAdmins(Visibility visibility) {
    var image = image("", visibility);
    var homeless = new Caller("eve", null, Set.of());

    assertThat(STRANGER.sees(image, false)).isTrue();
    assertThat(homeless.sees(image, false)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"PUBLIC, true", "COMMUNITY, true", "SHARED, true", "PRIVATE, false"})
  void membersSeeWhatIsShared(Visibility visibility, boolean isSeen) {
    assertThat(STRANGER.sees(image("project-a", visibility), true)).isEqualTo(isSeen);
  }

  @Test
  void callersWithoutProjectOwnNothing() {
    var homeless = new Caller("eve", null, Set.of("member"));

    assertThat(homeless.sees(image("project-a", Visibility.PRIVATE), false)).isFalse();
  }

  private static Image image(String owner, Visibility visibility) {
    return TestingImages.image(owner, visibility, ImageStatus.ACTIVE);
  }
}
