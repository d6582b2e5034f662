package io.vitrine.fetch;

import io.vitrine.net.address.Url;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An answer whose body is still to be read.
 *
 * @param body the bytes as they are on the server, paused; whoever does not read it to its end
 *     cancels it
 * @param contentLength bytes in this body, without those skipped; empty when the server is silent
 * @param totalBytes the length of the whole file; empty when the server is silent
 * @param validator the strong entity tag, else the date of the last change: the same text again
 *     means the same bytes, so an interrupted fetch may go on
 * @param finalUri where the last redirect led to
 */
public record Fetched(
    FetchedBody body,
    OptionalLong contentLength,
    OptionalLong totalBytes,
    Optional<String> validator,
    Url finalUri) {}
