package io.vitrine.observe.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.ConnectException;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class TolerantExporterTest {
  @Test
  void warnsOnceOfACollectorThatCannotBeReached() {
    try (var log = TestingLog.open();
        var exporter = new TolerantExporter(new FailingExporter(), "collector:4318")) {
      for (int i = 0; i < 3; i++) {
        assertThat(exporter.export(List.of()).isSuccess()).isFalse();
      }

      assertThat(log.lines("traces"))
          .containsExactly(
              "The collector does not accept traces collector=collector:4318 lost_spans=0"
                  + " error=java.net.ConnectException: Connection refused");
    }
  }

  private static final class FailingExporter implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      return CompletableResultCode.ofExceptionalFailure(new ConnectException("Connection refused"));
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
