package io.vitrine.format.vhd;

import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * VHD. A dynamic disk has its footer at both ends, a fixed disk only at the end, after the raw
 * content. A fixed VHD is therefore recognised only if its footer is valid in every field.
 */
public final class VhdProbe implements Probe {
  private static final byte[] COOKIE = "conectix".getBytes(StandardCharsets.US_ASCII);
  private static final int FOOTER_BYTES = 512;
  private static final int CURRENT_SIZE = 48;
  private static final int DISK_TYPE = 60;
  private static final int CHECKSUM = 64;
  private static final int FIXED = 2;
  private static final int DIFFERENCING = 4;

  private final Region head;

  /** Recognises the format in a stream with this head. */
  public VhdProbe(Region head) {
    this.head = head;
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    var footer = tail.last(FOOTER_BYTES);
    if (head.has(0, COOKIE)) {
      return head.isComplete()
          ? dynamic(ByteBuffer.wrap(head.captured()), footer)
          : Checks.truncated(ContentFormat.VHD);
    }
    return fixed(footer, sizeBytes);
  }

  private static Optional<DetectedFormat> dynamic(ByteBuffer header, byte[] footer) {
    var size = header.getLong(CURRENT_SIZE);
    var footerDiffers = isFooter(footer) && ByteBuffer.wrap(footer).getLong(CURRENT_SIZE) != size;
    return new Checks(ContentFormat.VHD)
        .refuseIf(
            header.getInt(DISK_TYPE) == DIFFERENCING,
            "parent",
            "is a differencing disk; merge it with its parent")
        .refuseHeaderIf(footerDiffers, "has a footer that contradicts its header")
        .size(size);
  }

  private static Optional<DetectedFormat> fixed(byte[] bytes, long sizeBytes) {
    var footer = ByteBuffer.wrap(bytes);
    var isFixed =
        isFooter(bytes)
            && footer.getInt(DISK_TYPE) == FIXED
            && footer.getLong(CURRENT_SIZE) == sizeBytes - FOOTER_BYTES
            && footer.getInt(CHECKSUM) == checksum(bytes);
    return isFixed
        ? new Checks(ContentFormat.VHD).size(sizeBytes - FOOTER_BYTES, DetectedFormat.FIXED)
        : Optional.empty();
  }

  private static boolean isFooter(byte[] bytes) {
    return bytes.length == FOOTER_BYTES
        && Arrays.equals(bytes, 0, COOKIE.length, COOKIE, 0, COOKIE.length);
  }

  /** The complement of the sum of all bytes except the checksum's. */
  private static int checksum(byte[] footer) {
    var sum = 0;
    for (var i = 0; i < footer.length; i++) {
      sum += i >= CHECKSUM && i < CHECKSUM + 4 ? 0 : Byte.toUnsignedInt(footer[i]);
    }
    return ~sum;
  }
}
