package io.vitrine.format.vhdx;

import java.util.Optional;
import java.util.UUID;

/** The metadata items that the format defines (MS-VHDX 2.6.2). */
enum MetadataItem {
  FILE_PARAMETERS("file parameters", "caa16737-fa36-4d43-b3b6-33f0aa44e76b", 8),
  VIRTUAL_DISK_SIZE("virtual disk size", "2fa54224-cd1b-4876-b211-5dbed83bf4b8", 8),
  VIRTUAL_DISK_ID("virtual disk id", "beca12ab-b2e6-4523-93ef-c309e000c746", 16),
  LOGICAL_SECTOR_SIZE("logical sector size", "8141bf1d-a96f-4709-ba47-f233a8faab5f", 4),
  PHYSICAL_SECTOR_SIZE("physical sector size", "cda348c7-445d-4471-9cc9-e9885251c556", 4),
  PARENT_LOCATOR("parent locator", "a8d35f2d-b30b-454d-abf7-d3d84834ab0c", 20);

  /** Where the file parameters have their flags. */
  static final int FLAGS_AT = 4;

  /** The flag of a disk that is useless without another file. */
  static final int HAS_PARENT = 0b10;

  /** Why a disk with a parent is refused; continues "the image". */
  static final String PARENT_REFUSED = "is a differencing disk; merge it with its parent";

  private final String title;
  private final UUID guid;
  private final int lengthBytes;

  MetadataItem(String title, String guid, int lengthBytes) {
    this.title = title;
    this.guid = UUID.fromString(guid);
    this.lengthBytes = lengthBytes;
  }

  /** For messages. */
  String title() {
    return title;
  }

  /** Its identifier. */
  UUID guid() {
    return guid;
  }

  /** Its length, at least. */
  int lengthBytes() {
    return lengthBytes;
  }

  /** The item with the identifier; empty if there is none. */
  static Optional<MetadataItem> of(UUID guid) {
    for (var item : values()) {
      if (item.guid.equals(guid)) {
        return Optional.of(item);
      }
    }
    return Optional.empty();
  }
}
