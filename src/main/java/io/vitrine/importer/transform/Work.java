package io.vitrine.importer.transform;

import io.vitrine.image.Image;
import io.vitrine.importer.acquire.Steps;
import io.vitrine.importer.job.Job;
import java.nio.file.Path;

/**
 * The input of plugins.
 *
 * @param image with the metadata of its source
 * @param room a directory that is removed after the task
 */
record Work(Job job, Image image, Steps steps, Restaging restaging, Path room) {}
