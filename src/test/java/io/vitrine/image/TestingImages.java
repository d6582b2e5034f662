package io.vitrine.image;

import io.vitrine.image.edit.ImageLimits;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Callers, limits and images of the tests. */
public final class TestingImages {
  public static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  public static final Instant LATER = NOW.plusSeconds(60);
  public static final Caller MEMBER = new Caller("ann", "project-a", Set.of("member"));
  static final Caller STRANGER = new Caller("bob", "project-b", Set.of("member"));
  public static final Caller ADMIN = new Caller("root", "project-r", Set.of("admin"));
  public static final ImageLimits LIMITS =
      new ImageLimits(List.of("raw", "qcow2"), List.of("bare", "ovf"), 3, 3);

  private TestingImages() {}

  public static Image image(ImageStatus status) {
    return image("project-a", Visibility.SHARED, status);
  }

  public static Image image(String owner, Visibility visibility, ImageStatus status) {
    return new Image(
        ImageId.random(),
        new Image.State(
            status,
            new Image.Ownership(owner.isEmpty() ? null : owner, visibility, false, false),
            NOW,
            NOW),
        new Image.Metadata(
            "cirros",
            new Image.Requirements("raw", "bare", 1, 2),
            new TreeSet<>(Set.of("old")),
            Map.of("os_type", "linux")),
        new Image.Content(5L, 5L, Image.Hash.of(null), List.of("fast")));
  }
}
