package io.vitrine.api.imports;

/** What is done for an import while the caller's token is at hand. */
public record ImportPreparation(
    SignedImports signing, EncryptedImports encryption, RegionImports regions) {}
