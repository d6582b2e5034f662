package io.vitrine.policy;

import static io.vitrine.policy.Rule.*;

import io.vitrine.image.Caller;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Administrators may do everything; everybody else may read what they see and change what their
 * project owns.
 */
public final class OwnershipPolicy implements Policy {
  private static final Set<Rule> READING =
      EnumSet.of(
          GET_IMAGE,
          GET_IMAGES,
          DOWNLOAD_IMAGE,
          DOWNLOAD_FROM_STORE,
          GET_MEMBER,
          GET_MEMBERS,
          MODIFY_MEMBER,
          GET_TASK,
          GET_TASKS);

  private static final Set<Rule> ADMINISTRATION =
      EnumSet.of(
          PUBLICIZE_IMAGE,
          COPY_IMAGE,
          DELETE_IMAGE_LOCATION,
          FETCH_IMAGE_LOCATION,
          TASKS_API_ACCESS,
          STORES_INFO_DETAIL);

  @Override
  public boolean allows(Caller caller, Rule rule, Map<String, String> target) {
    return caller.isAdmin() || READING.contains(rule) || owns(caller, rule, target);
  }

  private static boolean owns(Caller caller, Rule rule, Map<String, String> target) {
    return !ADMINISTRATION.contains(rule)
        && caller.project() != null
        && caller.project().equals(target.get("owner"));
  }
}
