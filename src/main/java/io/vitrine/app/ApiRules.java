package io.vitrine.app;

import io.vitrine.access.policy.PropertyProtections;
import io.vitrine.access.policy.RulePolicy;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.api.schema.DescribedProperties;
import io.vitrine.api.schema.ImageSchema;
import io.vitrine.api.schema.StoreDescription;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.store.kind.StoresConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The API's rules from the operator's files: policy, property protections, and what the service
 * offers, with the described properties.
 */
record ApiRules(RulePolicy policy, PropertyProtections protections, ApiCapabilities capabilities) {
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
    var described =
        config
            .image()
            .schemaFile()
            .map(DescribedProperties::read)
            .orElseGet(DescribedProperties::builtin);
    return new ApiRules(
        RulePolicy.load(config.policy().file(), protections.rules()),
        protections,
        capabilities(config, new ImageSchema(limits, described), limits));
  }

  private static ApiCapabilities capabilities(
      VitrineConfig config, ImageSchema schema, ImageLimits limits) {
    var image = config.image();
    return new ApiCapabilities(
        limits,
        schema,
        config.importing().methods(),
        stores(config.stores()),
        config.stores().defaultBackend(),
        image.sizeCap().bytes(),
        image.listDefault(),
        image.listMax(),
        image.memberQuota(),
        config.cache().enabled(),
        new ApiCapabilities.Locating(
            image.showMultipleLocations(), image.showImageDirectUrl(), image.locationQuota()));
  }

  private static Map<String, StoreDescription> stores(StoresConfig config) {
    var described = new LinkedHashMap<String, StoreDescription>();
    config.backends().forEach((id, backend) -> described.put(id, describe(backend)));
    return described;
  }

  private static StoreDescription describe(StoresConfig.Backend backend) {
    var store = backend.store();
    return new StoreDescription(
        backend.kind().name(),
        backend.description(),
        backend.weight(),
        backend.isWritable(),
        store.canBeCloned(),
        store.urls(),
        store.properties());
  }
}
