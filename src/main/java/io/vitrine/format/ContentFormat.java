package io.vitrine.format;

/** What the bytes of an image turn out to be. */
public enum ContentFormat {
  RAW("raw"),
  QCOW2("qcow2"),
  VHD("vhd"),
  VHDX("vhdx"),
  VMDK("vmdk"),
  VDI("vdi"),
  ISO("iso"),
  GPT("gpt"),
  LUKS("luks"),
  QED("qed");

  private final String diskFormat;

  ContentFormat(String diskFormat) {
    this.diskFormat = diskFormat;
  }

  /** The name as a disk_format of the Image API. */
  public String diskFormat() {
    return diskFormat;
  }
}
