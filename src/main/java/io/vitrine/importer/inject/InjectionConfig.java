package io.vitrine.importer.inject;

import io.vitrine.config.Key;
import io.vitrine.config.Section;
import io.vitrine.image.ImageKeys;
import io.vitrine.image.edit.InjectedProperties;
import io.vitrine.importer.transform.ImportPlugin;
import io.vitrine.importer.transform.PluginConfig;
import io.vitrine.importer.transform.PluginKind;
import io.vitrine.importer.transform.PluginSite;
import java.util.Optional;

/** Extra properties to set on imported images. */
@Key("inject_metadata")
public record InjectionConfig(@Key("") InjectedProperties injected) implements PluginConfig {
  /** Sets properties. */
  public static final PluginKind KIND =
      new PluginKind(
          "inject_image_metadata", "inject_metadata", Optional.empty(), InjectionConfig::from);

  private static final int MAX_NAME = 255;

  private static InjectionConfig from(Section section) {
    return new InjectionConfig(
        new InjectedProperties(
            section.textsByName(
                "properties",
                name -> ImageKeys.isExtra(name) && !name.isEmpty() && name.length() <= MAX_NAME,
                "values under names of up to 255 characters that are neither those of other"
                    + " attributes of images nor begin with os_glance"),
            section.texts("ignore_roles")));
  }

  @Override
  public ImportPlugin open(PluginSite site) {
    return new MetadataInjection(injected, site.limits());
  }
}
