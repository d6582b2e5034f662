package io.vitrine.image.task;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vitrine.image.Image;
import io.vitrine.image.edit.EncryptionProperties;
import io.vitrine.image.problem.ProblemException;
import java.util.Set;

/**
 * The disk format that imports convert images to.
 *
 * @param format one of raw, qcow2 and vmdk
 */
public record OutputFormat(String format) {
  private static final Set<String> CONVERTIBLE =
      Set.of("raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx");

  /** Whether images with these formats are converted; others are kept as they are. */
  public boolean converts(String diskFormat, String containerFormat) {
    return containerFormat.equals("bare")
        && !diskFormat.equals(format)
        && CONVERTIBLE.contains(diskFormat);
  }

  /**
   * Refuses an image whose data is encrypted but would be converted: only the holder of the key
   * could do that.
   *
   * @throws ProblemException invalid
   */
  public Image requireReadable(Image image) {
    if (image.diskFormat() != null
        && image.containerFormat() != null
        && converts(image.diskFormat(), image.containerFormat())) {
      requireUnencrypted(image);
    }
    return image;
  }

  /**
   * Refuses an image whose data is encrypted.
   *
   * @throws ProblemException invalid
   */
  public void requireUnencrypted(Image image) {
    EncryptionProperties.of(image.properties())
        .ifPresent(
            encryption -> {
              throw invalid(
                  ("The image is encrypted (its key is %s), and cannot be converted to %s;"
                          + " encrypt data of that format, or of the disk format luks.")
                      .formatted(encryption.keyId(), format));
            });
  }
}
