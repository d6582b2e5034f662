package io.vitrine.app;

import io.vitrine.access.policy.PropertyProtections;
import io.vitrine.access.policy.RulePolicy;
import io.vitrine.api.schema.DescribedProperties;
import io.vitrine.api.schema.ImageSchema;
import io.vitrine.image.ImageLimits;
import io.vitrine.settings.VitrineConfig;

/**
 * The API's rules from the operator's files: policy, property protections and described properties.
 */
record ApiRules(RulePolicy policy, PropertyProtections protections, ImageSchema schema) {
  /**
   * Reads the files.
   *
   * @throws RuntimeException RuntimeException if a file is unreadable or faulty; the message names
   *     it
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
