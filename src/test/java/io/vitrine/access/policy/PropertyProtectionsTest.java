package io.vitrine.access.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.access.policy.PropertyProtections.Format;
import io.vitrine.image.Caller;
import io.vitrine.image.edit.PropertyGuard;
import io.vitrine.image.edit.PropertyGuard.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertyProtectionsTest {
  private static final Policy RULES =
      (caller, rule, target) -> rule.equals("billing") && "ann".equals(caller.user());

  @TempDir private Path directory = Path.of("");

  @Test
  void letsRolesDoWhatTheFileSays() throws IOException {
    var protections =
        load(
            Format.ROLES,
            """
            # comments and empty lines count for nothing
            [^x_billing]
            create = admin, Biller
            read: @
            update=
            delete = !

            ; neither does this
            [.*]
            create = @
            read = @
            update = @
            delete = @
            """);

    var biller = guard(protections, "bob", Set.of("biller"));
    var member = guard(protections, "cid", Set.of("member"));

    assertThat(biller.allows(Operation.CREATE, "x_billing_code")).isTrue();
    assertThat(biller.allows(Operation.UPDATE, "x_billing_code")).isFalse();
    assertThat(biller.allows(Operation.DELETE, "x_billing_code")).isFalse();
    assertThat(member.allows(Operation.CREATE, "x_billing_code")).isFalse();
    assertThat(member.allows(Operation.READ, "x_billing_code")).isTrue();
    assertThat(member.allows(Operation.UPDATE, "ax_billing")).isTrue();
  }

  @Test
  void takesTheFirstSectionThatIsFoundInTheName() throws IOException {
    var protections = load(Format.ROLES, section("lic", "!") + section("license", "@"));

    assertThat(guard(protections, "bob", Set.of()).allows(Operation.READ, "a_license")).isFalse();
  }

  @Test
  void closesWhatNoSectionNamesExceptWhatIsTheServicesOwn() throws IOException {
    var protections = load(Format.ROLES, section("a", "@"));

    var anybody = guard(protections, "bob", Set.of("admin"));

    assertThat(anybody.allows(Operation.READ, "b")).isFalse();
    assertThat(anybody.allows(Operation.READ, "os_glance_import_task")).isTrue();
  }

  @Test
  void countsTheRolesOfAService() throws IOException {
    var protections = load(Format.ROLES, section("a", "service"));
    var served = new Caller("ann", "blue", Set.of("member")).through(Set.of("service"));

    assertThat(protections.guard(served, RULES).allows(Operation.UPDATE, "a")).isTrue();
  }

  @Test
  void asksRulesOfThePolicy() throws IOException {
    var protections = load(Format.POLICIES, section("bill", "billing") + section(".*", "@"));

    assertThat(protections.rules()).containsExactly("billing");
    assertThat(guard(protections, "ann", Set.of()).allows(Operation.UPDATE, "bill")).isTrue();
    assertThat(guard(protections, "bob", Set.of()).allows(Operation.UPDATE, "bill")).isFalse();
    assertThat(guard(protections, "bob", Set.of()).allows(Operation.UPDATE, "x")).isTrue();
  }

  @Test
  void protectsNothingWithoutAFile() {
    var protections = PropertyProtections.load(Optional.empty(), Format.ROLES);

    assertThat(protections.guard(new Caller(null, null, Set.of()), RULES))
        .isSameAs(PropertyGuard.OPEN);
  }

  @Test
  void namesAllFaultsTogether() {
    assertThatThrownBy(
            () ->
                load(
                    Format.ROLES,
                    "create = a\n" + section("(", "@,!") + "[x]\nread = @\n" + section("(", "a")))
        .isInstanceOfSatisfying(
            PolicyException.class,
            fault ->
                assertThat(fault.faults())
                    .anySatisfy(line -> assertThat(line).contains("\"create = a\" is neither"))
                    .anySatisfy(line -> assertThat(line).contains("[(] is there twice"))
                    .anySatisfy(line -> assertThat(line).contains("not a regular expression"))
                    .anySatisfy(line -> assertThat(line).contains("[x] lacks create")));
    assertThatThrownBy(() -> load(Format.ROLES, section("a", "@, !")))
        .hasMessageContaining("allows both everybody");
    assertThatThrownBy(() -> load(Format.POLICIES, section("a", "b, c")))
        .hasMessageContaining("names more than one rule");
  }

  private static String section(String expression, String who) {
    return "[%s]\ncreate = %s\nread = %2$s\nupdate = %2$s\ndelete = %2$s\n"
        .formatted(expression, who);
  }

  private static PropertyGuard guard(
      PropertyProtections protections, String user, Set<String> roles) {
    return protections.guard(new Caller(user, "blue", roles), RULES);
  }

  private PropertyProtections load(Format format, String text) throws IOException {
    return PropertyProtections.load(
        Optional.of(Files.writeString(directory.resolve("protections.conf"), text)), format);
  }
}
