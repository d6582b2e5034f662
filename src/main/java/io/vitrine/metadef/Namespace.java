package io.vitrine.metadef;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vitrine.image.Caller;
import io.vitrine.image.Visibility;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A namespace's own attributes. Its visibility is public or private. */
public record Namespace(
    String name,
    @Nullable String displayName,
    @Nullable String description,
    Visibility visibility,
    boolean isProtected,
    @Nullable String owner) {
  private static final int DESCRIPTION_MAX = 500;
  private static final int OWNER_MAX = 255;
  private static final Set<Visibility> VISIBILITIES = Set.of(Visibility.PUBLIC, Visibility.PRIVATE);

  /** Checks the texts and the visibility. */
  public Namespace {
    Texts.requireName("namespace", name);
    Texts.requireLength("display_name", displayName, Texts.NAME_MAX);
    Texts.requireLength("description", description, DESCRIPTION_MAX);
    Texts.requireLength("owner", owner, OWNER_MAX);
    if (!VISIBILITIES.contains(visibility)) {
      throw invalid("visibility must be public or private.");
    }
  }

  /** Parses the JSON form; defaults are private, not protected, and the given owner. */
  public static Namespace parse(Map<String, Object> json, @Nullable String owner) {
    var fields = Fields.of("The namespace", json);
    var visibility = fields.text("visibility");
    var given = fields.text("owner");
    return new Namespace(
        fields.required("namespace"),
        fields.text("display_name"),
        fields.text("description"),
        visibility == null
            ? Visibility.PRIVATE
            : Visibility.of(visibility)
                .orElseThrow(() -> invalid("visibility must be public or private.")),
        fields.flag("protected"),
        given == null ? owner : given);
  }

  /** Whether the caller may see the namespace. */
  public boolean isVisibleTo(Caller caller) {
    return caller.isAdmin()
        || owner == null
        || visibility == Visibility.PUBLIC
        || owner.equals(caller.project());
  }
}
