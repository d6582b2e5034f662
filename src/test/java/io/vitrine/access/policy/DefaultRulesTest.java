package io.vitrine.access.policy;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.vitrine.image.Caller;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Glance's newest defaults as a table: who gets through, for every role, relation to the target and
 * visibility. {@code A} is an administrator, {@code M} a member and {@code R} a reader of the
 * project that owns, {@code r} and {@code m} a reader and a member who see the image, {@code n} a
 * reader who sees the namespace, {@code g} a reader and {@code G} a member of a project that the
 * image is shared with, {@code S} a service; {@code *} is everybody.
 */
class DefaultRulesTest {
  private static final List<String> ROLES = List.of("admin", "member", "reader", "service", "");
  private static final List<String> RELATIONS = List.of("owner", "member", "other");
  private static final List<String> VISIBILITIES =
      List.of("private", "shared", "community", "public");
  private static final Policy POLICY = RulePolicy.load(Optional.empty(), Set.of());

  @ParameterizedTest
  @CsvSource({
    "A, context_is_admin publicize_image delete_image_location copy_image manage_image_cache",
    "A, list_cached_nodes cache_image cache_list cache_delete cache_clean cache_prune",
    "A, get_status get_audit tasks_api_access",
    "AM, add_image modify_image delete_image upload_image communitize_image set_image_location",
    "AM, manage_image_tickets get_image_audit deactivate reactivate add_member delete_member",
    "AR, get_images get_image_location get_metadef_namespaces",
    "Ar, get_image",
    "Am, download_image download_from_store",
    "AMS, add_image_location",
    "AS, fetch_image_location stores_info_detail",
    "ARg, get_member get_members",
    "AG, modify_member",
    "*, get_task get_tasks add_task modify_task",
    "An, get_metadef_namespace get_metadef_object get_metadef_objects get_metadef_property",
    "An, get_metadef_properties get_metadef_tag get_metadef_tags get_metadef_resource_type",
    "An, list_metadef_resource_types",
    "A, modify_metadef_namespace add_metadef_namespace delete_metadef_namespace",
    "A, modify_metadef_object add_metadef_object delete_metadef_object",
    "A, add_metadef_resource_type_association remove_metadef_resource_type_association",
    "A, modify_metadef_property add_metadef_property remove_metadef_property",
    "A, modify_metadef_tag add_metadef_tag add_metadef_tags delete_metadef_tag",
    "A, delete_metadef_tags",
  })
  void letsThrough(String who, String rules) {
    for (var rule : rules(rules)) {
      for (var role : ROLES) {
        for (var relation : RELATIONS) {
          for (var visibility : VISIBILITIES) {
            assertThat(POLICY.allows(caller(role), rule, target(relation, visibility)))
                .as("%s: %s, %s, %s", rule.text(), role, relation, visibility)
                .isEqualTo(expected(who, role, relation, visibility));
          }
        }
      }
    }
  }

  @Test
  void letsThroughByATableOfEveryRule() throws Exception {
    var table =
        DefaultRulesTest.class
            .getDeclaredMethod("letsThrough", String.class, String.class)
            .getAnnotation(CsvSource.class);

    var covered =
        Arrays.stream(table.value())
            .flatMap(line -> rules(line.substring(line.indexOf(',') + 1)).stream())
            .collect(toCollection(() -> EnumSet.noneOf(Rule.class)));

    assertThat(covered).containsExactlyInAnyOrder(Rule.values());
  }

  @Test
  void letsNobodyAddAnImageForAnotherProject() {
    var target = Target.of(Map.of("project_id", "blue", "owner", "red"));

    assertThat(POLICY.allows(caller("member"), Rule.ADD_IMAGE, target)).isFalse();
    assertThat(POLICY.allows(caller("admin"), Rule.ADD_IMAGE, target)).isTrue();
  }

  private static boolean expected(String who, String role, String relation, String visibility) {
    boolean isOwner = relation.equals("owner");
    boolean isGuest = relation.equals("member");
    boolean isSeen = isOwner || isGuest || !visibility.equals("private");
    return who.chars()
        .anyMatch(
            letter ->
                switch (letter) {
                  case '*' -> true;
                  case 'A' -> role.equals("admin");
                  case 'S' -> role.equals("service");
                  case 'M' -> role.equals("member") && isOwner;
                  case 'R' -> role.equals("reader") && isOwner;
                  case 'm' -> role.equals("member") && isSeen;
                  case 'r' -> role.equals("reader") && isSeen;
                  case 'n' -> role.equals("reader") && (isOwner || visibility.equals("public"));
                  case 'g' -> role.equals("reader") && isGuest;
                  case 'G' -> role.equals("member") && isGuest;
                  default -> fail("an unknown letter: " + (char) letter);
                });
  }

  private static List<Rule> rules(String names) {
    return Arrays.stream(names.strip().split(" ", -1))
        .map(name -> Rule.valueOf(name.toUpperCase(Locale.ROOT)))
        .toList();
  }

  private static Caller caller(String role) {
    return new Caller("ann", "blue", role.isEmpty() ? Set.of() : Set.of(role));
  }

  private static Target target(String relation, String visibility) {
    var owner = relation.equals("owner") ? "blue" : "red";
    var guest = relation.equals("member") ? "blue" : "green";
    return Target.of(
        Map.of("owner", owner, "project_id", owner, "member_id", guest, "visibility", visibility));
  }
}
