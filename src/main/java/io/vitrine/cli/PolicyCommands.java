package io.vitrine.cli;

import io.vitrine.access.policy.PropertyProtections;
import io.vitrine.access.policy.RulePolicy;
import io.vitrine.access.policy.Target;
import io.vitrine.cli.command.Version;
import io.vitrine.image.Caller;
import io.vitrine.settings.VitrineConfig;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "policy",
    description = "Shows the policy rules.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class PolicyCommands {
  private final Map<String, String> environment;
  @Spec private @Nullable CommandSpec spec;

  PolicyCommands(Map<String, String> environment) {
    this.environment = environment;
  }

  @Command(
      description = "Prints all rules in force, as a policy file.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  void list(@Mixin ConfigOptions options) {
    print(policy(options.load(environment)).toYaml());
  }

  @Command(
      description = "Explains the decision of a rule; exit code 1 if it denies.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int check(@Mixin ConfigOptions options, @Mixin Question question) {
    var explanation =
        policy(options.load(environment))
            .explain(question.caller(), question.rule, Target.of(question.target))
            .orElseThrow(
                () ->
                    new ParameterException(
                        command().commandLine(),
                        "There is no rule \"%s\"; see policy list.".formatted(question.rule)));
    print(explanation.toTree());
    return explanation.allows() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static RulePolicy policy(VitrineConfig config) {
    var protection = config.policy().propertyProtection();
    var protections =
        PropertyProtections.load(
            protection.file(), PropertyProtections.Format.of(protection.ruleFormat()));
    return RulePolicy.load(config.policy().file(), protections.rules());
  }

  private void print(String text) {
    var out = command().commandLine().getOut();
    out.print(text);
    out.flush();
  }

  private CommandSpec command() {
    return Objects.requireNonNull(spec);
  }

  /** The caller and the rule to check. */
  static final class Question {
    @Option(
        names = "--rule",
        required = true,
        paramLabel = "RULE",
        description = "The rule's name.")
    private String rule = "";

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        description = "A role of the caller; may be given more than once.")
    private final Set<String> roles = new LinkedHashSet<>();

    @Option(names = "--project", paramLabel = "ID", description = "The caller's project.")
    private @Nullable String project;

    @Option(names = "--user", paramLabel = "ID", description = "The caller.")
    private @Nullable String user;

    @Option(
        names = "--target",
        paramLabel = "ATTRIBUTE=VALUE",
        description = "An attribute of the target, such as visibility=public.")
    private final Map<String, String> target = new LinkedHashMap<>();

    Caller caller() {
      return new Caller(user, project, roles);
    }
  }
}
