package io.vitrine.fetch;

import io.vitrine.net.address.Url;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A response whose body is still to be read.
 *
 * @param body the bytes as sent, paused; read it to the end or cancel it
 * @param contentLength bytes in this body, without those skipped; empty if not announced
 * @param totalBytes the length of the complete file; empty if not announced
 * @param validator the strong entity tag, else the date of the last change; an equal validator
 *     means equal bytes, so an interrupted fetch may be resumed
 * @param finalUri the target of the last redirect
 */
public record Fetched(
    FetchedBody body,
    OptionalLong contentLength,
    OptionalLong totalBytes,
    Optional<String> validator,
    Url finalUri) {}
