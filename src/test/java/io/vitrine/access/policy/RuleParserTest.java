package io.vitrine.access.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.image.Caller;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleParserTest {
  private static final Caller ANN =
      new Caller(
              new Caller.Party("ann", "domain-u"),
              new Caller.Party("blue", "domain-p"),
              Set.of("Member", "reader"),
              Caller.Scope.PROJECT)
          .through(Set.of("service"));
  private static final Map<String, String> TARGET =
      Map.of(
          "owner",
          "blue",
          "visibility",
          "public",
          "protected",
          "True",
          "min_disk",
          "1",
          "r",
          "member");

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "a:b or @|(a:b or @)",
        "@ or @ and !|(@ or (@ and !))",
        "@ and ! or @|((@ and !) or @)",
        "not @ and !|(not @ and !)",
        "not (@ and !)|not (@ and !)",
        "not not @|not not @",
        "(@ or !) and (! or @)|((@ or !) and (! or @))",
        "((@))|@",
        "NOT @ Or ! AND @|(not @ or (! and @))",
        "  role:a   and\trule:b |(role:a and rule:b)",
        "project_id:%(target.project.id)s|project_id:%(target.project.id)s",
      },
      delimiter = '|')
  void bindsAsOsloDoes(String text, String tree) {
    assertThat(RuleParser.parse(text)).hasToString(tree);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "@",
        "role:member",
        "role:MEMBER",
        "role:%(r)s",
        "roles:reader",
        "service_roles:service",
        "user_id:ann",
        "project_id:%(owner)s",
        "tenant:%(owner)s",
        "project_id:bl%(nothing)s or project_id:%(owner)s",
        "user_domain_id:domain-u",
        "project_domain_id:domain-p",
        "'public':%(visibility)s",
        "\"public\":%(visibility)s",
        "'100%':100%%",
        "'blue/public':%(owner)s/%(visibility)s",
        "'':",
        "True:%(protected)s",
        "1:%(min_disk)s",
        "None:%(nothing)s",
        "is_admin:False",
        "not system_scope:all",
        "not role:admin",
      })
  void allows(String text) {
    assertThat(allows((Object) text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!",
        "role:admin",
        "role:%(nothing)s",
        "role:service",
        "user_id:%(nothing)s",
        "nothing:ann",
        "user_id.name:ann",
        "roles.name:member",
        "project_id:%(visibility)s",
        "False:%(protected)s",
        "None:%(owner)s",
        "is_admin:True",
        "is_admin:true",
        "system_scope:all",
        "not @",
      })
  void denies(String text) {
    assertThat(allows((Object) text)).isFalse();
  }

  @Test
  void readsListsAsAlternativesOfWhatMustHoldTogether() {
    assertThat(allows(List.of())).isTrue();
    assertThat(allows(List.of(List.of()))).isFalse();
    assertThat(allows(List.of("!", "role:member"))).isTrue();
    assertThat(allows(List.of(List.of("role:member", "!"), List.of("@")))).isTrue();
    assertThat(allows(List.of(List.of("role:member", "!")))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "admin",
        "(@",
        "@)",
        "()",
        "@ @",
        "@ and",
        "or @",
        "not",
        "'a b':@",
        "'quoted'",
        "not(role:a)",
        "user_id:%(owner)d",
        "user_id:50%",
        "http://example.org/allow",
        "https://example.org/%(id)s",
        ":x",
      })
  void refusesWhatItDoesNotUnderstand(String text) {
    assertThatThrownBy(() -> RuleParser.parse(text)).isInstanceOf(SyntaxException.class);
  }

  @Test
  void refusesWhatIsNeitherTextNorList() {
    assertThatThrownBy(() -> RuleParser.parse(false))
        .hasMessageContaining("a rule must be a string");
    assertThatThrownBy(() -> RuleParser.parse(List.of(1))).hasMessageContaining("a list must hold");
    assertThatThrownBy(() -> RuleParser.parse(List.of(Arrays.asList("@", null))))
        .hasMessageContaining("an inner list");
  }

  @Test
  void saysThatNoOtherServerIsAsked() {
    assertThatThrownBy(() -> RuleParser.parse("role:a or https://example.org/x"))
        .hasMessage(
            "\"https://example.org/x\" asks another server, which is not supported; write the rule"
                + " out");
  }

  @Test
  void knowsASystemAdministratorByTheScope() {
    var root =
        new Caller(
            new Caller.Party("root", null),
            Caller.Party.NONE,
            Set.of("admin"),
            Caller.Scope.SYSTEM);

    var check = RuleParser.parse("system_scope:all and is_admin:True");

    assertThat(check.allows(new CallerAttributes(root), Target.NOTHING)).isTrue();
  }

  @Test
  void matchesNoMissingProjectWithAMissingOwner() {
    var homeless = new Caller("eve", null, Set.of());

    var check = RuleParser.parse("project_id:%(owner)s");

    assertThat(check.allows(new CallerAttributes(homeless), Target.NOTHING)).isFalse();
  }

  private static boolean allows(Object rule) {
    return RuleParser.parse(rule).allows(new CallerAttributes(ANN), Target.of(TARGET));
  }
}
