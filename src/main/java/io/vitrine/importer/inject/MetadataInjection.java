package io.vitrine.importer.inject;

import io.vitrine.image.edit.ImageLimits;
import io.vitrine.image.edit.InjectedProperties;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.transform.ImportContent;
import io.vitrine.importer.transform.ImportPlugin;
import io.vitrine.importer.transform.PluginContext;
import java.util.HashSet;

/**
 * Sets the operator's extra properties on images, unless the user has an exempted role. As in
 * Glance, they override the user's, and only the quota of properties is checked.
 */
public final class MetadataInjection implements ImportPlugin {
  private final InjectedProperties injected;
  private final ImageLimits limits;

  /** Injects these properties. */
  public MetadataInjection(InjectedProperties injected, ImageLimits limits) {
    this.injected = injected;
    this.limits = limits;
  }

  @Override
  public String name() {
    return InjectionConfig.KIND.name();
  }

  @Override
  public String title() {
    return "Setting the properties";
  }

  @Override
  public ImportContent apply(PluginContext context, ImportContent content) {
    var properties = injected.of(context.run().task().roles());
    if (properties.isEmpty()) {
      return content;
    }
    context.run().begin(Step.Simple.SETTING_PROPERTIES, () -> {});
    var names = new HashSet<>(context.image().properties().keySet());
    names.addAll(properties.keySet());
    limits.checkProperties(names);
    return content.with(properties);
  }
}
