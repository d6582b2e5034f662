package io.vitrine.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNameTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ubuntu-24.04 | attachment; filename="ubuntu-24.04"; filename*=UTF-8''ubuntu-24.04
          a b;c%d      | attachment; filename="a b_c_d"; filename*=UTF-8''a%20b%3Bc%25d
          ../etc/x\\y  | attachment; filename="__etc_x_y"; filename*=UTF-8''__etc_x_y
          .bashrc      | attachment; filename="_bashrc"; filename*=UTF-8''_bashrc
          日本         | attachment; filename="__"; filename*=UTF-8''%E6%97%A5%E6%9C%AC
          """)
  void encodesWhatCouldBeMisread(String name, String disposition) {
    assertThat(new FileName(name).disposition()).isEqualTo(disposition);
  }

  @ParameterizedTest
  @CsvSource({"13", "10", "0", "127", "133", "8238", "8233"})
  void leavesOutWhatSteers(int character) {
    var name = "a" + Character.toString(character) + "b";

    assertThat(new FileName(name).disposition())
        .isEqualTo("attachment; filename=\"a_b\"; filename*=UTF-8''a_b");
  }
}
