package io.vitrine.store.s3;

import io.vitrine.net.address.Url;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

/**
 * Two clients of one server; downloads hold their connections for long, so they have their own
 * pool. Every call has a deadline and a few retries, over about 15 s.
 *
 * @param calls for everything but downloads
 * @param downloads for the data of objects
 */
record S3Connection(S3Client calls, S3Client downloads, Duration patience)
    implements AutoCloseable {
  private static final int CALLS = 128;
  private static final int DOWNLOADS = 1024;
  private static final int ATTEMPTS = 8;

  /** The slowest acceptable connection, in bytes per second. */
  private static final long SLOWEST = 256 << 10;

  static S3Connection open(S3Config config) throws IOException {
    return new S3Connection(client(config, CALLS), client(config, DOWNLOADS), config.readTimeout());
  }

  private static S3Client client(S3Config config, int connections) throws IOException {
    var builder =
        S3Client.builder()
            .region(Region.of(config.region()))
            .forcePathStyle(config.pathStyle())
            .credentialsProvider(credentials(config))
            // Each part has its checksum in a header, since older servers do not support trailers.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build())
            .overrideConfiguration(deadlines(config.readTimeout()))
            .httpClientBuilder(http(config, connections));
    config.endpoint().map(Url::toUri).ifPresent(builder::endpointOverride);
    return builder.build();
  }

  private static AwsCredentialsProvider credentials(S3Config config) {
    var keys = config.keys();
    return keys.areGiven()
        ? StaticCredentialsProvider.create(
            AwsBasicCredentials.create(keys.accessKey().value(), keys.secretKey().value()))
        : DefaultCredentialsProvider.builder().build();
  }

  private static ClientOverrideConfiguration deadlines(Duration attempt) {
    var retries =
        StandardRetryStrategy.builder()
            .maxAttempts(ATTEMPTS)
            .backoffStrategy(
                BackoffStrategy.exponentialDelayHalfJitter(
                    Duration.ofMillis(250), Duration.ofSeconds(4)))
            .circuitBreakerEnabled(false)
            .build();
    return ClientOverrideConfiguration.builder()
        .retryStrategy(retries)
        .apiCallAttemptTimeout(attempt)
        .apiCallTimeout(whole(attempt))
        .build();
  }

  private static Duration whole(Duration attempt) {
    return attempt.multipliedBy(3);
  }

  private static Apache5HttpClient.Builder http(S3Config config, int connections)
      throws IOException {
    var http =
        Apache5HttpClient.builder()
            .maxConnections(connections)
            .connectionTimeout(config.connectTimeout())
            .connectionAcquisitionTimeout(config.connectTimeout())
            .socketTimeout(config.readTimeout());
    if (config.caFile().isPresent()) {
      var trusted = trusted(config.caFile().get());
      http.tlsTrustManagersProvider(() -> trusted);
    }
    return http;
  }

  private static TrustManager[] trusted(Path certificates) throws IOException {
    try (var pem = Files.newInputStream(certificates)) {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (var each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca" + count++, each);
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException unusable) {
      throw new IOException("unusable certificates: " + certificates, unusable);
    }
  }

  /** The deadline of a call that transfers so many bytes. */
  AwsRequestOverrideConfiguration deadline(long bytes) {
    var attempt = patience.plusSeconds(bytes / SLOWEST);
    return AwsRequestOverrideConfiguration.builder()
        .apiCallAttemptTimeout(attempt)
        .apiCallTimeout(whole(attempt))
        .build();
  }

  @Override
  public void close() {
    calls.close();
    downloads.close();
  }
}
