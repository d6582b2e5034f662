package io.vitrine.access.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.image.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulePolicyTest {
  private static final Caller ANN = new Caller("ann", "blue", Set.of("member", "reader"));

  @TempDir private Path directory = Path.of("");

  @Test
  void takesTheRulesOfAYamlFileInPlaceOfItsOwn() throws IOException {
    var policy = policy("publicize_image: 'role:member'\n\"get_images\": \"!\"");

    assertThat(allows(policy, Rule.PUBLICIZE_IMAGE)).isTrue();
    assertThat(allows(policy, Rule.GET_IMAGES)).isFalse();
    assertThat(allows(policy, Rule.COPY_IMAGE)).isFalse();
  }

  @Test
  void takesTheRulesOfAJsonFile() throws IOException {
    var policy =
        policy("{\"copy_image\": [[\"role:member\", \"role:reader\"]], \"add_image\": \"!\"}");

    assertThat(allows(policy, Rule.COPY_IMAGE)).isTrue();
    assertThat(allows(policy, Rule.ADD_IMAGE)).isFalse();
  }

  @Test
  void followsReferencesToRulesOfTheFile() throws IOException {
    var policy = policy("copy_image: rule:friends\nfriends: user_id:ann");

    assertThat(allows(policy, Rule.COPY_IMAGE)).isTrue();
    assertThat(policy.allows(ANN, "friends", Target.NOTHING)).isTrue();
    assertThat(policy.allows(ANN, "foes", Target.NOTHING)).isFalse();
  }

  @Test
  void refusesAReferenceToNothing() {
    assertThatThrownBy(() -> policy("copy_image: role:a or rule:freinds"))
        .isInstanceOf(PolicyException.class)
        .hasMessage(
            file()
                + ": copy_image: there is no rule \"freinds\", and the file has no rule \"default\" to"
                + " take its place");
  }

  @Test
  void fallsBackToTheDefaultOfTheFile() throws IOException {
    var policy = policy("copy_image: rule:absent\ndefault: role:member");

    assertThat(allows(policy, Rule.COPY_IMAGE)).isTrue();
  }

  @Test
  void refusesCycles() {
    assertThatThrownBy(() -> policy("a: rule:b\nb: not rule:c\nc: '@ or rule:a'"))
        .hasMessageEndingWith("a: the rule refers to itself: a → b → c");
    assertThatThrownBy(() -> policy("default: rule:x\ncopy_image: rule:y"))
        .hasMessageEndingWith("default: the rule refers to itself: default");
  }

  @Test
  void namesAllFaultsTogether() {
    assertThatThrownBy(() -> policy("copy_image: (\nadd_image:\nget_image: http://x/"))
        .isInstanceOfSatisfying(
            PolicyException.class,
            fault ->
                assertThat(fault.faults())
                    .satisfiesExactly(
                        line -> assertThat(line).startsWith(file() + ": copy_image: "),
                        line ->
                            assertThat(line)
                                .startsWith(file() + ": add_image: a rule must be a string"),
                        line ->
                            assertThat(line)
                                .startsWith(file() + ": get_image: \"http://x/\" asks")));
  }

  @Test
  void refusesFilesThatAreNoRules() {
    assertThatThrownBy(() -> policy("[")).isInstanceOf(PolicyException.class);
    assertThatThrownBy(() -> policy("just text")).isInstanceOf(PolicyException.class);
    assertThatThrownBy(() -> policy("a: ''\na: '!'")).hasMessageContaining("duplicate key");
    assertThatThrownBy(() -> policy("a: !!java.net.URL ['http://x']"))
        .isInstanceOf(PolicyException.class);
    assertThatThrownBy(() -> RulePolicy.load(Optional.of(directory.resolve("absent")), Set.of()))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void insistsOnRulesThatOthersAskFor() {
    assertThatThrownBy(() -> RulePolicy.load(Optional.empty(), Set.of("spl_creator")))
        .hasMessage("spl_creator: there is no rule of this name, but one is needed");
  }

  @Test
  void loadsAFileAgainThatHasChanged() throws IOException {
    var policy = policy("copy_image: '!'");
    write("copy_image: '@'  # changed");

    policy.refresh();

    assertThat(allows(policy, Rule.COPY_IMAGE)).isTrue();
  }

  @Test
  void keepsItsRulesWhenTheFileIsBrokenOrGone() throws IOException {
    var policy = policy("copy_image: '@'");
    write("copy_image: '('  # broken");

    policy.refresh();

    assertThat(allows(policy, Rule.COPY_IMAGE)).isTrue();

    Files.delete(file());

    policy.refresh();

    assertThat(allows(policy, Rule.COPY_IMAGE)).isTrue();

    write("copy_image: '!'  # mended, at last");

    policy.refresh();

    assertThat(allows(policy, Rule.COPY_IMAGE)).isFalse();
  }

  @Test
  void printsItsRulesSoThatTheyCanBeLoadedAgain() throws IOException {
    var policy = policy("copy_image: [['role:member', \"'a\\\\b':%(x)s\"], '@']\ndefault: '!'");

    var again = policy(policy.toYaml());

    assertThat(again.toYaml()).isEqualTo(policy.toYaml());
    assertThat(policy.toYaml())
        .contains("\"add_task\": \"rule:default\"\n", "\"metadef_default\": \"\"\n");
  }

  @Test
  void explainsWhichPartsDecide() {
    var policy = RulePolicy.load(Optional.empty(), Set.of());

    var explanation =
        policy.explain(ANN, "get_image", Target.of(Map.of("visibility", "public", "owner", "red")));

    assertThat(explanation.orElseThrow().toTree())
        .isEqualTo(
            """
            allowed  rule:get_image
              allowed  (rule:context_is_admin or (role:reader and (project_id:%(project_id)s or project_id:%(member_id)s or 'community':%(visibility)s or 'public':%(visibility)s or 'shared':%(visibility)s)))
                allowed  (role:reader and (project_id:%(project_id)s or project_id:%(member_id)s or 'community':%(visibility)s or 'public':%(visibility)s or 'shared':%(visibility)s))
                  allowed  role:reader
                  allowed  (project_id:%(project_id)s or project_id:%(member_id)s or 'community':%(visibility)s or 'public':%(visibility)s or 'shared':%(visibility)s)
                    allowed  'public':%(visibility)s
            """);
    assertThat(policy.explain(ANN, "get_imag", Target.NOTHING)).isEmpty();
  }

  private static boolean allows(Policy policy, Rule rule) {
    return policy.allows(ANN, rule, Target.NOTHING);
  }

  private RulePolicy policy(String text) throws IOException {
    write(text);
    return RulePolicy.load(Optional.of(file()), Set.of());
  }

  private void write(String text) throws IOException {
    Files.writeString(file(), text);
  }

  private Path file() {
    return directory.resolve("policy.yaml");
  }
}
