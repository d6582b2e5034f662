package io.vitrine.api.filter;

import io.vitrine.api.request.AnswerRoom;
import io.vitrine.net.proxy.Fronts;
import java.time.Duration;

/**
 * The limits and surroundings of the API.
 *
 * @param maxJsonBytes the largest body other than image data
 * @param bodyTimeout how long a client may stay silent while it sends a body
 * @param maxRequestIdLength in characters; a longer request id of a client is replaced
 * @param room the memory that all requests and answers share
 * @param uploads the limit of concurrent uploads of each client
 * @param webSites the web sites whose pages may call the API
 * @param healthFiles the files that decide whether this process receives requests
 * @param fronts the trusted proxies in front of the API
 */
public record ApiSettings(
    long maxJsonBytes,
    Duration bodyTimeout,
    int maxRequestIdLength,
    AnswerRoom room,
    UploadTurns uploads,
    WebSites webSites,
    HealthFiles healthFiles,
    Fronts fronts) {}
