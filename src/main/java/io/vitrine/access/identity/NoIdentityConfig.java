package io.vitrine.access.identity;

import io.vertx.core.Vertx;
import io.vitrine.config.Section;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Everybody is an administrator with the given user and project; empty means none.
 *
 * @param allowNonLoopback whether others than this machine may connect
 */
public record NoIdentityConfig(boolean allowNonLoopback, String project, String user)
    implements AuthenticationConfig {

  /** No authentication. */
  public static final IdentityKind KIND =
      new IdentityKind("none", (identity, isUsed) -> from(identity));

  private static NoIdentityConfig from(Section section) {
    return new NoIdentityConfig(
        section.flag("allow_non_loopback"), section.text("project"), section.text("user"));
  }

  @Override
  public Identity open(Vertx vertx, Clock clock) {
    return new NoIdentity(orNull(user), orNull(project));
  }

  @Override
  public String examples(String url) {
    return """
      openstack --os-auth-type none --os-endpoint %1$s image create --disk-format qcow2 --container-format bare --file disk.qcow2 first
      openstack --os-auth-type none --os-endpoint %1$s image list
      curl -o disk.qcow2 %1$s/v2/images/ID/file
    """
        .formatted(url);
  }

  @Override
  public boolean hasTokens() {
    return false;
  }

  @Override
  public boolean isLoopbackOnly() {
    return !allowNonLoopback;
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
