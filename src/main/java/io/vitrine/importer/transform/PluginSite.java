package io.vitrine.importer.transform;

import io.vertx.core.Vertx;
import io.vitrine.format.FormatRules;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.importer.blob.ScratchSpace;

/**
 * The process that opens plugins.
 *
 * @param rules the rules for the data of images
 * @param limits the limits of their metadata
 * @param scratch for temporary files
 */
public record PluginSite(
    Vertx vertx, FormatRules rules, ImageLimits limits, ScratchSpace scratch) {}
