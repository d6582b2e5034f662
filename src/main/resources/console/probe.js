// Guesses the disk format of a file from its first bytes and its name, before anything is sent. The server inspects all of it.
const HEAD_BYTES = 33 * 1024;
const VHD_FOOTER_BYTES = 512;
const COMPRESSIONS = { gz: "gzip", bz2: "bzip2", xz: "xz", zst: "zstd", lz4: "LZ4", zip: "zip" };
const EXTENSIONS = { qcow2: "qcow2", vmdk: "vmdk", vdi: "vdi", vhd: "vhd", vhdx: "vhdx", iso: "iso", raw: "raw", img: "raw", luks: "luks", hds: "ploop" };

const text = (data, from, length) => String.fromCharCode(...data.subarray(from, from + length));

const MAGIC = [
  ["qcow2", data => text(data, 0, 4) === "QFI\xfb"],
  ["vmdk", data => text(data, 0, 4) === "KDMV" || text(data, 0, 21) === "# Disk DescriptorFile"],
  ["vdi", data => text(data, 0x40, 4) === "\x7f\x10\xda\xbe"],
  ["vhdx", data => text(data, 0, 8) === "vhdxfile"],
  ["vhd", data => text(data, 0, 8) === "conectix"],
  ["luks", data => text(data, 0, 6) === "LUKS\xba\xbe"],
  ["ploop", data => text(data, 0, 16) === "WithoutFreeSpace" || text(data, 0, 16) === "WithouFreSpacExt"],
  ["iso", data => text(data, 32769, 5) === "CD001"],
];

const COMPRESSED = [
  ["gzip", data => data[0] === 0x1f && data[1] === 0x8b],
  ["bzip2", data => text(data, 0, 3) === "BZh"],
  ["xz", data => text(data, 0, 6) === "\xfd7zXZ\0"],
  ["zstd", data => text(data, 0, 4) === "\x28\xb5\x2f\xfd"],
  ["LZ4", data => text(data, 0, 4) === "\x04\x22\x4d\x18"],
  ["zip", data => text(data, 0, 4) === "PK\x03\x04"],
];

function nameOfDisk(name) {
  const parts = name.toLowerCase().split(".");
  return EXTENSIONS[parts.at(-1) in COMPRESSIONS ? parts.at(-2) : parts.at(-1)] ?? "raw";
}

/** The size of the disk that a QCOW2 image holds, from its header. */
function virtualSize(format, data) {
  return format === "qcow2" && data.length >= 32 ? Number(new DataView(data.buffer, data.byteOffset).getBigUint64(24)) : null;
}

/** What a file seems to be: its disk format, how it is compressed, and the size of its disk if that is known. */
export async function probe(file) {
  const data = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const compression = COMPRESSED.find(([, is]) => is(data))?.[0] ?? null;
  if (compression) {
    return { format: nameOfDisk(file.name), compression, virtualSize: null };
  }
  const known = MAGIC.find(([, is]) => is(data))?.[0];
  if (known) {
    return { format: known, compression, virtualSize: virtualSize(known, data) };
  }
  const footer = new Uint8Array(await file.slice(Math.max(0, file.size - VHD_FOOTER_BYTES)).arrayBuffer());
  return { format: text(footer, 0, 8) === "conectix" ? "vhd" : "raw", compression, virtualSize: null };
}

/** The name of an image for a file: without its directory and the extensions that tell its format. */
export function imageName(file) {
  const extension = [...Object.keys(COMPRESSIONS), ...Object.keys(EXTENSIONS)].join("|");
  return file.name.replace(new RegExp(`(\\.(${extension}))+$`, "i"), "") || file.name;
}
