package io.vitrine.http;

import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.Permit;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.image.Visibility;
import io.vitrine.policy.Policy;
import io.vitrine.policy.Rule;
import java.util.HashMap;
import java.util.Map;

/** Asks the policy before something is done. */
record Access(Policy policy) {
  /** Requires a rule that is about an image. */
  Permit permit(Caller caller, Rule rule) {
    return image -> {
      require(caller, rule, target(caller, image));
      return image;
    };
  }

  /** Requires a rule about anything. */
  void require(Caller caller, Rule rule, Map<String, String> target) {
    if (!policy.allows(caller, rule, target)) {
      throw new ProblemException(
          new Problem.Forbidden(
              "You are not authorized to complete %s action.".formatted(rule.text())));
    }
  }

  private static Map<String, String> target(Caller caller, Image image) {
    var target = new HashMap<>(image.properties());
    if (isMember(caller, image)) {
      target.put("member_id", caller.project());
    }
    if (image.owner() != null) {
      target.put("owner", image.owner());
      target.put("project_id", image.owner());
    }
    target.put("image_id", image.id().toString());
    target.put("visibility", image.visibility().text());
    target.put("status", image.status().text());
    return target;
  }

  /** Others than the owner see a shared image only as its members. */
  private static boolean isMember(Caller caller, Image image) {
    return image.visibility() == Visibility.SHARED
        && caller.project() != null
        && !caller.owns(image);
  }
}
