package io.vitrine.catalog.blobs;

import static io.vitrine.image.problem.ProblemException.gone;

import io.vertx.sqlclient.Row;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.image.location.HashClaim;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads uploads with their blobs. */
final class UploadRow {
  static final String COLUMNS =
      Columns.BLOB
          + """
          , blobs.state, uploads.length, uploads.received, uploads.client_metadata, uploads.client_concat,
            uploads.digests, uploads.turn, uploads.expires_at, coalesce(uploads.leased_until > now(), false) as is_leased,
            uploads.expires_at <= now() as is_expired
          """;

  /** To be followed by its condition. */
  static final String SELECT =
      "select " + COLUMNS + " from uploads join blobs on blobs.id = uploads.id ";

  private UploadRow() {}

  static Upload toUpload(Row row) {
    var length = Optional.ofNullable(row.getLong("length"));
    var concat = Optional.ofNullable(row.getString("client_concat"));
    long received = row.getLong("received");
    boolean isLastByteKept = length.isPresent() && concat.isEmpty();
    return new Upload(
        Rows.toBlob(row),
        isComplete(row) ? Optional.ofNullable(row.getLong("size")) : length,
        isComplete(row)
            ? row.getLong("size")
            : isLastByteKept ? Math.min(received, Math.max(0, length.get() - 1)) : received,
        Optional.ofNullable(row.getString("client_metadata")),
        row.getOffsetDateTime("expires_at").toInstant(),
        concat,
        digests(row));
  }

  /** A process of the version before leaves the column null. */
  private static List<HashClaim> digests(Row row) {
    var texts = row.getArrayOfStrings("digests");
    return texts == null
        ? DigestMetadata.claims(Optional.ofNullable(row.getString("client_metadata")))
        : Stream.of(texts).map(HashClaim::parse).toList();
  }

  /** Digests as the column has them. */
  static String[] texts(List<HashClaim> digests) {
    return digests.stream().map(HashClaim::text).toArray(String[]::new);
  }

  static boolean isComplete(Row row) {
    return row.getString("state").equals("stored");
  }

  /** Answers the row; fails as gone if the upload has expired. */
  static Row requireTime(Row row) {
    if (row.getBoolean("is_expired")) {
      throw gone("The upload has expired; begin a new one.");
    }
    return row;
  }
}
