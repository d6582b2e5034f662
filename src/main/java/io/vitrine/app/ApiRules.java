package io.vitrine.app;

import io.vitrine.access.policy.PropertyProtections;
import io.vitrine.access.policy.RulePolicy;
import io.vitrine.api.schema.DescribedProperties;
import io.vitrine.api.schema.ImageSchema;
import io.vitrine.config.VitrineConfig;
import io.vitrine.image.ImageLimits;

/** What the operator's files say of the API: who may do what, and which properties there are. */
record ApiRules(RulePolicy policy, PropertyProtections protections, ImageSchema schema) {
  /**
   * Reads the files.
   *
   * @throws RuntimeException if one cannot be read or is wrong; the message names it
   */
  static ApiRules load(VitrineConfig config, ImageLimits limits) {
    var protection = config.policy().propertyProtection();
    var protections =
        PropertyProtections.load(
            protection.file(), PropertyProtections.Format.of(protection.ruleFormat()));
    return new ApiRules(
        RulePolicy.load(config.policy().file(), protections.rules()),
        protections,
        new ImageSchema(
            limits,
            config
                .image()
                .schemaFile()
                .map(DescribedProperties::read)
                .orElseGet(DescribedProperties::builtin)));
  }
}
