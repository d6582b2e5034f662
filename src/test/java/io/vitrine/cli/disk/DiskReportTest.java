package io.vitrine.cli.disk;

import static io.vitrine.cli.disk.ImageFileTest.file;
import static io.vitrine.cli.disk.ImageFileTest.found;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.cli.disk.DiskReport.Disk;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DiskReportTest {
  private static final ImageFile VMDK =
      file(
          new DetectedFormat(
              ContentFormat.VMDK, "streamoptimized", OptionalLong.of(1 << 30), List.of()));

  @Test
  void isAlignedForPeople() {
    var report =
        new DiskReport(VMDK, Optional.of(new Disk(1 << 30, 1536, "2 snapshots")), List.of());

    assertThat(report.toText())
        .isEqualTo(
            """
            File:          disk.img
            Format:        vmdk
            Variant:       streamoptimized
            Virtual size:  1 GiB (1073741824 bytes)
            File size:     4 KiB (4096 bytes)
            Data:          1.5 KiB (1536 bytes)
            Remarks:       2 snapshots
            """);
    assertThat(report.verdict()).isEmpty();
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    var report = new DiskReport(file(found(ContentFormat.LUKS)), Optional.empty(), List.of());

    assertThat(report.toText())
        .isEqualTo(
            """
            File:          disk.img
            Format:        luks
            Virtual size:  1 GiB (1073741824 bytes)
            File size:     4 KiB (4096 bytes)
            """);
  }

  @Test
  void hasAllKeysForPrograms() {
    var report =
        new DiskReport(VMDK, Optional.of(new Disk(1 << 30, 1536, "2 snapshots")), List.of());

    assertThat(report.toJson())
        .isEqualTo(
            new JsonObject(
                """
                {"file": "disk.img", "valid": true, "format": "vmdk", "variant": "streamoptimized",
                 "virtual_size": 1073741824, "file_size": 4096, "data_size": 1536,
                 "remarks": "2 snapshots", "faults": []}
                """));
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    var ambiguous = DiskReport.of(file(found(ContentFormat.VDI), found(ContentFormat.GPT)));

    assertThat(ambiguous.verdict()).hasValue("disk.img is ambiguous: it can be read as vdi or gpt");
    assertThat(ambiguous.toText()).contains("Format:        vdi or gpt\n");
    assertThat(ambiguous.toJson())
        .isEqualTo(
            new JsonObject(
                """
                {"file": "disk.img", "valid": false, "format": null, "variant": null,
                 "virtual_size": null, "file_size": 4096, "data_size": null, "remarks": null,
                 "faults": ["is ambiguous: it can be read as vdi or gpt"]}
                """));
  }

  @Test
  void keepsTheTerminalSafe() {
    var fault = "is corrupt: \u001b]0;title\u0007 at \u009b31m";
    var report = new DiskReport(VMDK, Optional.of(new Disk(1, 1, "a\u001b[2Jb")), List.of(fault));

    assertThat(report.toText()).contains("Remarks:       a?[2Jb\n");
    assertThat(report.verdict()).hasValue("disk.img is corrupt: ?]0;title? at ?31m");
  }
}
