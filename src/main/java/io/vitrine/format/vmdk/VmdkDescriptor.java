package io.vitrine.format.vmdk;

import static io.vitrine.format.vmdk.SparseHeader.SECTOR_BYTES;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The text descriptor of a VMDK. Every line must be understood, and none may refer to another file:
 * no extent with a path, no parent.
 */
final class VmdkDescriptor {
  private static final Pattern CREATE_TYPE =
      Pattern.compile("createtype\\s*=\\s*\"([a-z0-9]{1,63})\"");
  private static final Pattern PARENT_ID = Pattern.compile("parentcid\\s*=\\s*(.*)");
  private static final Pattern HEADER_FIELD = Pattern.compile("[a-z0-9._]+\\s*=[^/\\\\]*");
  private static final Pattern DISK_DATABASE = Pattern.compile("ddb\\..*");
  private static final Pattern EXTENT =
      Pattern.compile("(rw|rdonly|noaccess)\\s+\\d+\\s+sparse\\s+\"[^\"/\\\\]*\"(\\s+0)?");

  /** How it starts, in lower case. */
  static final String START = "# disk descriptorfile";

  /** Why a file that is only a descriptor is refused. */
  static final String ALONE = "is a VMDK descriptor that names other files";

  /** Why a sparse extent is refused whose header tells no usable place of a descriptor. */
  static final String MISSING = "has no VMDK descriptor where it must be";

  private static final Set<String> SINGLE_FILE_TYPES =
      Set.of("monolithicsparse", "streamoptimized");

  private static final String NO_PARENT = "ffffffff";
  private static final int HEADS = 16;
  private static final int SECTORS_PER_TRACK = 63;

  /** Many times what any maker writes for one extent; each line costs far more than its length. */
  private static final int MAX_LINES = 1000;

  /** VMDK keywords are case-insensitive. */
  private final String text;

  /** Without the spaces around them; of too many lines one more than is accepted. */
  private final List<String> lines;

  VmdkDescriptor(String text) {
    this.text = text.toLowerCase(Locale.ROOT);
    lines = this.text.lines().limit(MAX_LINES + 1).map(String::strip).toList();
  }

  /** Reads the text that is embedded after the header. */
  static VmdkDescriptor read(ByteSource file, SparseHeader header) throws IOException {
    if (!header.hasDescriptor()) {
      throw new InvalidImageException(MISSING);
    }
    int length = (int) header.descriptorSectors() * SECTOR_BYTES;
    var bytes = file.read(SECTOR_BYTES, length, ByteOrder.LITTLE_ENDIAN).array();
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf(0);
    if (end < 0) {
      throw new InvalidImageException(MISSING);
    }
    return new VmdkDescriptor(text.substring(0, end));
  }

  /** The text of a new disk, with the adapter and the geometry that qemu-img writes. */
  static String streamOptimized(long sectors, int contentId) {
    return String.format(
        Locale.ROOT,
        """
        # Disk DescriptorFile
        version=1
        CID=%08x
        parentCID=ffffffff
        createType="streamOptimized"

        # Extent description
        RW %d SPARSE "disk.vmdk"

        # The Disk Data Base
        #DDB

        ddb.virtualHWVersion = "4"
        ddb.geometry.cylinders = "%d"
        ddb.geometry.heads = "%d"
        ddb.geometry.sectors = "%d"
        ddb.adapterType = "ide"
        """,
        contentId,
        sectors,
        sectors / (HEADS * SECTORS_PER_TRACK),
        HEADS,
        SECTORS_PER_TRACK);
  }

  /** Fails unless all is understood and accepted, and the disk is in this one file. */
  void require() throws InvalidImageException {
    var checks = new Checks(ContentFormat.VMDK);
    check(checks);
    checks.refuseIf(
        !SINGLE_FILE_TYPES.contains(createType()),
        "create_type",
        "is a VMDK of createType %s; only monolithicSparse and streamOptimized can be read"
            .formatted(createType()));
    for (var violation : checks.unknownSize().orElseThrow().violations()) {
      throw new InvalidImageException(violation.reason());
    }
  }

  /** The subformat in lower case; empty unless it is given exactly once. */
  String createType() {
    var types =
        lines.stream()
            .map(CREATE_TYPE::matcher)
            .filter(matcher -> matcher.matches())
            .map(matcher -> matcher.group(1))
            .toList();
    return types.size() == 1 ? types.getFirst() : "";
  }

  void check(Checks checks) {
    var extents = lines.stream().filter(line -> EXTENT.matcher(line).matches()).count();
    checks
        .refuseIf(
            lines.size() > MAX_LINES,
            "descriptor",
            "has a VMDK descriptor of more than %d lines".formatted(MAX_LINES))
        .refuseIf(
            !text.chars().allMatch(c -> c < 0x7f)
                || !lines.stream().allMatch(VmdkDescriptor::isKnown),
            "descriptor",
            "has a VMDK descriptor with lines that are not accepted")
        .refuseIf(
            createType().isEmpty(), "descriptor", "has a VMDK descriptor without one createType")
        .refuseIf(
            extents != 1,
            "descriptor",
            "has a VMDK descriptor that does not name exactly one extent")
        .refuseIf(hasParent(), "parent", "is a VMDK that depends on a parent; merge it into one");
  }

  private static boolean isKnown(String line) {
    return line.isEmpty()
        || line.startsWith("#")
        || DISK_DATABASE.matcher(line).matches()
        || HEADER_FIELD.matcher(line).matches()
        || EXTENT.matcher(line).matches();
  }

  /** qemu finds the parent's key anywhere in the text, even in a comment. */
  private boolean hasParent() {
    return text.contains("parentfilenamehint")
        || lines.stream()
            .map(PARENT_ID::matcher)
            .anyMatch(matcher -> matcher.matches() && !matcher.group(1).equals(NO_PARENT));
  }
}
