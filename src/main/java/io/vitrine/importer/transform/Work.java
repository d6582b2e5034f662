package io.vitrine.importer.transform;

import io.vitrine.image.Image;
import io.vitrine.importer.acquire.Steps;
import io.vitrine.importer.job.Job;
import java.nio.file.Path;

/**
 * What plugins work with.
 *
 * @param image with what it takes over from its source
 * @param room a directory that is removed when the task's work ends
 */
record Work(Job job, Image image, Steps steps, Restaging restaging, Path room) {}
