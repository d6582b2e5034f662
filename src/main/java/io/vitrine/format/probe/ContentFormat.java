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
  /** A raw disk with a GUID or legacy partition table. */
  GPT("gpt"),
  /** A disk encrypted by LUKS, version 1. */
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
}
