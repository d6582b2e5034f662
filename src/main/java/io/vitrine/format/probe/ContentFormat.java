package io.vitrine.format.probe;

/** The format of an image's bytes, as inspected. */
public enum ContentFormat {
  /** No known format: the bytes are the disk itself. */
  RAW("raw"),
  /** QEMU's copy-on-write format, version 2 or 3. */
  QCOW2("qcow2"),
  /** Microsoft's virtual hard disk; {@code vpc} to qemu. */
  VHD("vhd"),
  /** Microsoft's successor of VHD. */
  VHDX("vhdx"),
  /** VMware's disk format, in any of its subformats. */
  VMDK("vmdk"),
  /** VirtualBox's disk format. */
  VDI("vdi"),
  /** A disc image with ISO 9660 or UDF. */
  ISO("iso"),
  /** A raw disk whose first sector has a boot signature: a GUID or legacy partition table. */
  GPT("gpt"),
  /** A disk encrypted by LUKS, version 1 or 2. */
  LUKS("luks"),
  /** QEMU's abandoned enhanced disk format; always refused. */
  QED("qed");

  private final String diskFormat;

  ContentFormat(String diskFormat) {
    this.diskFormat = diskFormat;
  }

  /** Its value of {@code disk_format} in the Image API. */
  public String diskFormat() {
    return diskFormat;
  }

  /** Whether the bytes are the disk itself, and nothing in them leads a reader anywhere else. */
  public boolean isPlain() {
    return switch (this) {
      case RAW, ISO, GPT, LUKS -> true;
      case QCOW2, VHD, VHDX, VMDK, VDI, QED -> false;
    };
  }
}
