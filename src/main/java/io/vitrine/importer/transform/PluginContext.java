package io.vitrine.importer.transform;

import io.vitrine.image.Image;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.blob.StagedBlobs;
import io.vitrine.importer.run.TaskRun;
import java.nio.file.Path;

/**
 * What plugins work with.
 *
 * @param image with the metadata of its source
 * @param scratch a directory that is removed after the task
 */
public record PluginContext(
    TaskRun<ImportTask> run, Image image, StagedBlobs staged, StagingWriter writer, Path scratch) {}
