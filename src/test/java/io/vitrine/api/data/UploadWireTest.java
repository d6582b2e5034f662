package io.vitrine.api.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads that go well, however the bytes come. */
@ExtendWith(SharedServer.class)
public class UploadWireTest {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final byte[] LAST = {};

  private final TestingApi api;
  private final int port;

  UploadWireTest(TestingServer server) {
    this.port = server.port();
    this.api = new TestingApi(port);
  }

  public static byte[] data(int size) {
    var data = new byte[size];
    new Random(size).nextBytes(data);
    return data;
  }

  private static String path(String id) {
    return "/v2/images/" + id + "/file";
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 256 * KIB, 256 * KIB + 1, 9 * MIB})
  void storesDataOfDeclaredLength(int size) throws Exception {
    var id = api.create();

    var answer = api.upload(id, data(size));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    api.assertHasData(id, data(size));
    assertThat(api.image(id).getString("stores")).isEqualTo("local");
  }

  @ParameterizedTest
  @CsvSource({"300,1", "200000,4096", "5000000,1048576", "17000000,8388608", "9,9"})
  void storesDataInChunksOfAnySize(int size, int chunk) throws Exception {
    var id = api.create();
    var data = data(size);

    try (var connection = new RawConnection(port)) {
      connection.put(path(id), "Transfer-Encoding: chunked\r\n");
      for (int from = 0; from < size; from += chunk) {
        connection.chunk(Arrays.copyOfRange(data, from, Math.min(size, from + chunk)));
      }
      connection.chunk(LAST);

      assertThat(connection.read().status()).isEqualTo(204);
    }
    api.assertHasData(id, data);
  }

  @Test
  void putsTogetherWhatArrivesInPieces() throws Exception {
    var id = api.create();
    var data = data(70_000);
    var message =
        """
        PUT %s HTTP/1.1
        Host: test
        Content-Type: application/octet-stream; charset=UTF-8
        Transfer-Encoding: chunked

        """
            .formatted(path(id))
            .replace("\n", "\r\n");
    var random = new Random(7);

    try (var connection = new RawConnection(port)) {
      for (var letter : message.split("", -1)) {
        connection.send(letter);
      }
      for (int from = 0; from < data.length; ) {
        int size = Math.min(data.length - from, 1 + random.nextInt(20_000));
        var sizeLine = "%x;name=value\r\n".formatted(size);
        int split = random.nextInt(sizeLine.length());
        connection.send(sizeLine.substring(0, split)).send(sizeLine.substring(split));
        int middle = from + random.nextInt(size);
        connection.send(Arrays.copyOfRange(data, from, middle));
        connection.send(Arrays.copyOfRange(data, middle, from + size)).send("\r").send("\n");
        from += size;
      }
      connection.send("0").send("\r\n").send("\r").send("\n");

      assertThat(connection.read().status()).isEqualTo(204);
    }
    api.assertHasData(id, data);
  }

  @Test
  void storesNothingAsAnEmptyImage() throws Exception {
    var sized = api.create();
    var chunked = api.create();

    assertThat(api.upload(sized, LAST).statusCode()).isEqualTo(204);
    try (var connection = new RawConnection(port)) {
      connection.put(path(chunked), "Transfer-Encoding: chunked\r\n").chunk(LAST);
      assertThat(connection.read().status()).isEqualTo(204);
    }

    api.assertHasData(sized, LAST);
    api.assertHasData(chunked, LAST);
  }

  /** Computing services do so for a server whose disks are volumes. */
  @ParameterizedTest
  @ValueSource(strings = {"qcow2", "vmdk", "vhd", "vhdx", "vdi", "iso", "ploop", "ami"})
  void storesNothingWhateverFormatItIsSaidToHave(String diskFormat) throws Exception {
    var id = api.create(diskFormat);

    assertThat(api.upload(id, LAST).statusCode()).isEqualTo(204);

    api.assertHasData(id, LAST);
    assertThat(api.image(id).getValue("virtual_size")).isNull();
  }

  /** A sector of NTFS looks like a partition table that cannot be. */
  @ParameterizedTest
  @ValueSource(strings = {"raw", "ami", "aki", "ari"})
  void storesAVolumeWithABootSector(String diskFormat) throws Exception {
    var id = api.create(diskFormat);
    var volume = new byte[5000];
    System.arraycopy("\u00ebR\u0090NTFS".getBytes(ISO_8859_1), 0, volume, 0, 7);
    volume[446] = 7;
    volume[510] = 0x55;
    volume[511] = (byte) 0xaa;

    assertThat(api.upload(id, volume).statusCode()).isEqualTo(204);

    api.assertHasData(id, volume);
  }

  @Test
  void storesWhereTheClientWants() throws Exception {
    var id = api.create();

    assertThat(api.upload(id, data(10), "X-Image-Meta-Store", "archive").statusCode())
        .isEqualTo(204);

    api.assertHasData(id, data(10));
    assertThat(api.image(id).getString("stores")).isEqualTo("archive");
  }

  @Test
  void takesTheSizeThatIsDeclaredApart() throws Exception {
    var id = api.create();

    assertThat(api.upload(id, data(10), "x-openstack-image-size", "10").statusCode())
        .isEqualTo(204);

    api.assertHasData(id, data(10));
  }

  @Test
  void asksForTheDataWhenItIsWanted() throws Exception {
    var id = api.create();

    try (var connection = new RawConnection(port)) {
      connection.put(path(id), "Content-Length: 5\r\nExpect: 100-continue\r\n");
      assertThat(connection.read().status()).isEqualTo(100);
      connection.send(data(5));

      assertThat(connection.read().status()).isEqualTo(204);
    }
    api.assertHasData(id, data(5));
  }

  @Test
  void keepsTheConnectionForTheNextUpload() throws Exception {
    var first = api.create();
    var second = api.create();

    try (var connection = new RawConnection(port)) {
      for (var id : new String[] {first, second}) {
        connection.put(path(id), "Transfer-Encoding: chunked\r\n").chunk(data(1000)).chunk(LAST);
      }

      assertThat(connection.read().status()).isEqualTo(204);
      assertThat(connection.read().status()).isEqualTo(204);
    }
    api.assertHasData(first, data(1000));
    api.assertHasData(second, data(1000));
  }

  @Test
  void takesFiftyUploadsAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var uploads =
          IntStream.range(0, 50)
              .mapToObj(index -> threads.submit(() -> api.create(data(MIB + index))))
              .toList();

      int index = 0;
      for (Future<String> upload : uploads) {
        api.assertHasData(upload.get(), data(MIB + index++));
      }
    }
  }

  @Test
  void stagesDataForAnImport() throws Exception {
    var id = api.create(new JsonObject());

    var answer = api.stage(id, data(1000));

    assertThat(answer.statusCode()).isEqualTo(204);
    var image = api.image(id);
    assertThat(image.getString("status")).isEqualTo("uploading");
    assertThat(image.getLong("size")).isEqualTo(1000);
    assertThat(image.getString("checksum")).isNull();
    assertThat(api.stage(id, data(1000)).statusCode()).isEqualTo(409);
    assertThat(api.upload(id, data(1000)).statusCode()).isEqualTo(409);
    assertThat(api.download(id).statusCode()).isEqualTo(204);
  }
}
