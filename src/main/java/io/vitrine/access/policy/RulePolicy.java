package io.vitrine.access.policy;

import io.vitrine.image.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The built-in rules, overridden by those of a file, which is reloaded when it changes. */
public final class RulePolicy implements Policy {
  private static final Logger log = LoggerFactory.getLogger(RulePolicy.class);

  private final Optional<Path> file;
  private final Set<String> required;
  private Optional<State> seen;
  private volatile Rules rules;

  private RulePolicy(Optional<Path> file, Set<String> required) {
    this.file = file;
    this.required = Set.copyOf(required);
    seen = file.flatMap(State::of);
    rules = compile();
  }

  /**
   * Loads the rules; blocks.
   *
   * @param required names of further rules that must exist
   * @throws PolicyException if they cannot be used
   */
  public static RulePolicy load(Optional<Path> file, Set<String> required) {
    return new RulePolicy(file, required);
  }

  @Override
  public boolean allows(Caller caller, String rule, Target target) {
    return rules.allows(rule, new CallerAttributes(caller), target);
  }

  /** The decision of a rule with its reasons; empty if there is no such rule. */
  public Optional<Explanation> explain(Caller caller, String rule, Target target) {
    return rules
        .find(rule)
        .map(
            check ->
                Explanation.of(new Check.Named(rule, check), new CallerAttributes(caller), target));
  }

  /** All rules in the format of a policy file. */
  public String toYaml() {
    return rules.toYaml();
  }

  /**
   * Reloads the file if it has changed; blocks. Unusable rules are logged once, and the previous
   * rules stay in force.
   */
  public synchronized void refresh() {
    var now = file.flatMap(State::of);
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      rules = compile();
      log.atInfo().addKeyValue("file", file.orElseThrow()).log("Reloaded the policy file");
    } catch (PolicyException broken) {
      log.atError()
          .addKeyValue("error", String.join("; ", broken.faults()))
          .log("The changed policy file is invalid; the old rules stay in force");
    }
  }

  private Rules compile() {
    var ofFile = file.map(RuleFile::read).orElseGet(Map::of);
    try {
      var compiled = Rules.compile(RuleFile.defaults(), ofFile, required);
      compiled
          .unasked()
          .forEach(
              name ->
                  log.atWarn()
                      .addKeyValue("rule", name)
                      .log("The policy file has an unknown rule"));
      return compiled;
    } catch (PolicyException wrong) {
      throw file.map(wrong::in).orElse(wrong);
    }
  }

  /** The signs by which a change of the file is noticed. */
  private record State(FileTime modified, long sizeBytes) {
    static Optional<State> of(Path file) {
      try {
        return Optional.of(new State(Files.getLastModifiedTime(file), Files.size(file)));
      } catch (IOException absent) {
        return Optional.empty();
      }
    }
  }
}
