package io.vitrine.access.policy;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;

/** Ownership holds where a policy file allows everything to everybody. */
class OpenPolicyTableWireTest extends PolicyTableContract {
  OpenPolicyTableWireTest() throws Exception {
    super("open-policy-table.txt", openPolicy());
  }

  /** Allows all but to be an administrator. */
  private static String openPolicy() {
    return Arrays.stream(Rule.values())
        .filter(rule -> rule != Rule.CONTEXT_IS_ADMIN)
        .map(rule -> "\"%s\": \"\"".formatted(rule.text()))
        .collect(joining(", ", "{", "}"));
  }
}
