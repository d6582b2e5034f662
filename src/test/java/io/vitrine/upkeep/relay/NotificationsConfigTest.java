package io.vitrine.upkeep.relay;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.settings.TestingConfig;
import io.vitrine.upkeep.amqp.AmqpConfig;
import io.vitrine.upkeep.webhook.WebhookConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotificationsConfigTest {
  @Test
  void nobodyIsToldByDefault() {
    var config = TestingConfig.defaults().notifications();

    assertThat(config.sinks()).containsOnlyKeys("amqp", "webhook");
    assertThat(config.subscription().sinks()).isEmpty();
    assertThat(config.disabled()).isEmpty();
  }

  @Test
  void variablesGiveLists() {
    var config =
        TestingConfig.load(
                Map.of(
                    "VITRINE_NOTIFICATIONS__AMQP__HOSTS", "one.example.org, [::1]:5671",
                    "VITRINE_NOTIFICATIONS__WEBHOOK__URLS", "https://a.example.org/hook",
                    "VITRINE_NOTIFICATIONS__WEBHOOK__SECRET", "sesame",
                    "VITRINE_NOTIFICATIONS__DISABLED", "task,image.send"))
            .notifications();

    assertThat(((AmqpConfig) requireNonNull(config.sinks().get("amqp"))).hosts())
        .containsExactly("one.example.org", "[::1]:5671");
    assertThat(((WebhookConfig) requireNonNull(config.sinks().get("webhook"))).urls())
        .hasToString("[https://a.example.org/hook]");
    assertThat(config.subscription().sinks())
        .containsExactlyInAnyOrder("amqp", "webhook:a.example.org#aa41ae32");
    assertThat(config.disabled()).containsExactly("task", "image.send");
  }

  @Test
  void whatCannotBeIsNamed() {
    assertThat(
            TestingConfig.faults(
                """
                notifications:
                  publisher_id: ''
                  disabled: [Image]
                  amqp: {hosts: ['http://x'], topics: []}
                  webhook: {urls: ['http://a.example.org/hook']}
                """))
        .containsExactlyInAnyOrder(
            "notifications.publisher_id: \"\" is not allowed; give a name such as image.localhost",
            "notifications.disabled: [\"Image\"] is not allowed; give a list of names such as"
                + " image.send or metadef_tag",
            "notifications.amqp.hosts: [\"http://x\"] is not allowed; give a list of hosts such as"
                + " broker.example.org:5671",
            "notifications.webhook.secret: webhooks need a key to sign with");
  }
}
