package io.vitrine.image.task;

import io.vitrine.image.EncryptionProperties;
import io.vitrine.image.Image;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.Set;

/**
 * The disk format that imports convert images to.
 *
 * @param format one of raw, qcow2 and vmdk
 */
public record ConversionTarget(String format) {
  private static final Set<String> CONVERTIBLE =
      Set.of("raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx");

  /** Whether data of these formats is converted; other data is kept as it is. */
  public boolean converts(String diskFormat, String containerFormat) {
    return containerFormat.equals("bare")
        && !diskFormat.equals(format)
        && CONVERTIBLE.contains(diskFormat);
  }

  /**
   * Fails if the image would be converted although its data is encrypted: only who has the key can
   * do that.
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
   * Fails if the data of the image is encrypted.
   *
   * @throws ProblemException invalid
   */
  public void requireUnencrypted(Image image) {
    EncryptionProperties.of(image.properties())
        .ifPresent(
            encryption -> {
              throw new ProblemException(
                  new Problem.Invalid(
                      ("The image is encrypted (its key is %s), and cannot be converted to %s;"
                              + " encrypt data of that format, or of the disk format luks.")
                          .formatted(encryption.keyId(), format)));
            });
  }
}
