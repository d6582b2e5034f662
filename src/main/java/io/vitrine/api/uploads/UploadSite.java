package io.vitrine.api.uploads;

import io.vertx.core.eventbus.EventBus;
import io.vitrine.api.data.DeclaredContent;
import io.vitrine.api.progress.UploadMonitor;
import io.vitrine.catalog.blobs.UploadEndings;
import io.vitrine.catalog.blobs.UploadJournal;
import io.vitrine.catalog.blobs.UploadParts;
import io.vitrine.observe.metrics.TransferMeters;
import io.vitrine.transfer.stream.StoreClient;

/** Where the data of uploads goes, and what is recorded about it. */
public record UploadSite(
    UploadJournal journal,
    UploadEndings endings,
    UploadParts parts,
    DeclaredContent contents,
    StoreClient stores,
    TransferMeters meters,
    UploadMonitor monitor,
    EventBus bus) {}
