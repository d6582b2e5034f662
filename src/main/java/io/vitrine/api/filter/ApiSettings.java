package io.vitrine.api.filter;

import io.vitrine.api.request.AnswerRoom;
import io.vitrine.net.proxy.Fronts;
import java.time.Duration;

/**
 * How the API takes requests.
 *
 * @param maxJsonBytes the largest body other than image data
 * @param bodyTimeout how long a body may not come on
 * @param maxRequestIdLength the longest request id that is taken over from a client
 * @param room the memory of requests and answers
 * @param uploads how much clients may upload at the same time
 * @param webSites the web sites whose pages may call the API
 * @param healthFiles the files that say whether this process is to get requests
 * @param fronts the proxies in front
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
